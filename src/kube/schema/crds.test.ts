import { describe, expect, test } from 'vitest';
import { type JsonObject, toJsonPointer } from '../../model/index.ts';
import { parseYaml } from '../yaml/index.ts';
import { compileCrds } from './crds.ts';
import { everyItem, findPodTemplates, loadSchemas, validateObject } from './index.ts';

const schemas = await loadSchemas();

function read(yaml: string): JsonObject {
  const outcome = parseYaml(yaml);
  if (!outcome.ok) throw new Error(outcome.failure.reason);
  return outcome.parsed.values[0] as JsonObject;
}

/** A definition of `example.com/v1 Widget` whose `spec` has these properties. */
function definition(properties: string, more = ''): JsonObject {
  return read(`
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  names: {kind: Widget, plural: widgets}
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              properties: {${properties}}
${more}
    - {name: v1alpha1, served: false, storage: false, schema: {openAPIV3Schema: {type: object}}}`);
}

function found(crd: JsonObject, spec: string, apiVersion = 'example.com/v1'): string[] {
  const raw = read(`{apiVersion: ${apiVersion}, kind: Widget, metadata: {name: a}, spec: ${spec}}`);
  const problems = validateObject(schemas, raw, { minor: 34, crds: compileCrds([crd]) });
  return problems.map((problem) => `${problem.kind} ${toJsonPointer(problem.path)}`);
}

describe('a custom resource', () => {
  test.each([
    ['size: {type: integer}', '{size: 1}', []],
    ['size: {type: integer}', '{size: "1"}', ['wrong-type /spec/size']],
    ['size: {type: integer}', '{sizes: 1}', ['unknown-field /spec/sizes']],
    ['size: {type: integer, minimum: 1, maximum: 3}', '{size: 3}', []],
    ['size: {type: integer, minimum: 1}', '{size: 0}', ['invalid-value /spec/size']],
    ['size: {type: integer, maximum: 3}', '{size: 4}', ['invalid-value /spec/size']],
    ['size: {type: number, minimum: 0, exclusiveMinimum: true}', '{size: 0}', ['invalid-value /spec/size']],
    ['size: {type: number, maximum: 1, exclusiveMaximum: true}', '{size: 1}', ['invalid-value /spec/size']],
    ['size: {type: number, multipleOf: 0.1}', '{size: 0.3}', []],
    ['size: {type: number, multipleOf: 0.1}', '{size: 0.35}', ['invalid-value /spec/size']],
    ['mode: {type: string, enum: [a, b]}', '{mode: a}', []],
    ['mode: {type: string, enum: [a, b]}', '{mode: c}', ['invalid-enum /spec/mode']],
    ['mode: {type: string, maxLength: 2}', '{mode: "é🙂"}', []],
    ['mode: {type: string, maxLength: 2}', '{mode: abc}', ['invalid-value /spec/mode']],
    ['mode: {type: string, minLength: 1}', '{mode: ""}', ['invalid-value /spec/mode']],
    ['mode: {type: string, pattern: "^[a-z]+$"}', '{mode: abc}', []],
    ['mode: {type: string, pattern: "[a-z]"}', '{mode: 1a2}', []],
    ['mode: {type: string, pattern: "^[a-z]+$"}', '{mode: A}', ['invalid-value /spec/mode']],
    ['mode: {type: string, pattern: "(?P<x"}', '{mode: A}', []],
    ['time: {type: string, format: date-time}', '{time: "2026-01-02T03:04:05Z"}', []],
    ['time: {type: string, format: date-time}', '{time: "2026-01-02T03:04:05"}', ['invalid-format /spec/time']],
    ['blob: {type: string, format: byte}', '{blob: "!!"}', ['invalid-format /spec/blob']],
    [
      'o: {type: object, properties: {a: {type: string}}, required: [a]}',
      '{o: {a: null}}',
      ['missing-field /spec/o/a'],
    ],
    ['o: {type: object, properties: {a: {type: string, nullable: true}}, required: [a]}', '{o: {a: null}}', []],
    ['list: {type: array, items: {type: string}}', '{list: [a, 1]}', ['wrong-type /spec/list/1']],
    ['list: {type: array, maxItems: 1, items: {type: string}}', '{list: [a, b]}', ['invalid-value /spec/list']],
    [
      'list: {type: array, x-kubernetes-list-type: set, items: {type: string}}',
      '{list: [a, b, a]}',
      ['duplicate-list-key /spec/list/2'],
    ],
    [
      'list: {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [k], items: {type: object, required: [k], properties: {k: {type: string}}}}',
      '{list: [{k: a}, {k: a}]}',
      ['duplicate-list-key /spec/list/1'],
    ],
    ['map: {type: object, additionalProperties: {type: integer}}', '{map: {a: 1, b: x}}', ['wrong-type /spec/map/b']],
    ['map: {type: object, additionalProperties: true}', '{map: {a: 1}}', []],
    ['free: {type: object, x-kubernetes-preserve-unknown-fields: true}', '{free: {a: {b: 1}}}', []],
    ['shut: {type: object}', '{shut: {a: 1}}', ['unknown-field /spec/shut/a']],
    ['port: {x-kubernetes-int-or-string: true, anyOf: [{type: integer}, {type: string}]}', '{port: http}', []],
    ['port: {x-kubernetes-int-or-string: true}', '{port: [1]}', ['wrong-type /spec/port']],
    [
      'a: {type: string}, b: {type: string}, pick: {type: object, properties: {one: {type: string}, two: {type: string}}, oneOf: [{required: [one]}, {required: [two]}]}',
      '{pick: {one: a, two: b}}',
      ['invalid-value /spec/pick'],
    ],
    [
      'pick: {type: object, properties: {one: {type: string}, two: {type: string}}, oneOf: [{required: [one]}, {required: [two]}]}',
      '{pick: {one: a}}',
      [],
    ],
    [
      'pick: {type: object, properties: {x: {type: integer}}, anyOf: [{properties: {x: {minimum: 5}}}, {properties: {x: {maximum: 1}}}]}',
      '{pick: {x: 3}}',
      ['invalid-value /spec/pick'],
    ],
    [
      'at: {type: object, properties: {kind: {type: string, default: ip}, value: {type: string}}, oneOf: [{properties: {kind: {enum: [ip]}}}, {properties: {kind: {not: {enum: [ip]}}}}]}',
      '{at: {value: 1.2.3.4}}',
      [],
    ],
    ['at: {type: string, oneOf: [{format: ipv4}, {format: ipv6}]}', '{at: 1.2.3.4}', []],
    [
      'a: {type: object, default: {}, properties: {b: {type: string}}, required: [b]}',
      '{}',
      ['missing-field /spec/a/b'],
    ],
    [
      'a: {type: array, items: {type: object, properties: {b: {type: string, default: x}}, required: [b]}}',
      '{a: [{}]}',
      [],
    ],
    [
      'a: {type: object, additionalProperties: {type: object, properties: {b: {type: string, default: x}}, required: [b]}}',
      '{a: {k: {b: null}}}',
      [],
    ],
    ['mode: {type: string, not: {enum: [off]}}', '{mode: "off"}', []],
    ['mode: {type: string, not: {enum: ["off"]}}', '{mode: "off"}', ['invalid-value /spec/mode']],
    ['mode: {type: string, allOf: [{minLength: 3}, {maxLength: 4}]}', '{mode: ab}', ['invalid-value /spec/mode']],
    [
      'pod: {type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true}',
      '{pod: {metadata: {name: a}}}',
      ['missing-field /spec/pod/apiVersion', 'missing-field /spec/pod/kind'],
    ],
    [
      'pod: {type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true}',
      '{pod: {apiVersion: v1, kind: Pod, metadata: {nam: a}, x: 1}}',
      ['unknown-field /spec/pod/metadata/nam'],
    ],
  ])('%s with %s', (properties, spec, expected) => {
    expect(found(definition(properties), spec)).toEqual(expected);
  });

  test('must have what its definition requires, but for what has a default', () => {
    const crd = definition('a: {type: string}, b: {type: string, default: x}', '              required: [a, b]');
    expect(found(crd, '{}')).toEqual(['missing-field /spec/a']);
  });

  test('has the metadata of every object', () => {
    const raw = read('{apiVersion: example.com/v1, kind: Widget, metadata: {name: a, labels: {a: 1}}, status: {x: 1}}');
    const crds = compileCrds([definition('')]);
    expect(validateObject(schemas, raw, { minor: 34, crds }).map(({ path }) => toJsonPointer(path))).toEqual([
      '/metadata/labels/a',
    ]);
  });

  test('of a version that is not served is no kind', () => {
    expect(found(definition(''), '{}', 'example.com/v1alpha1')).toEqual(['unknown-kind /apiVersion']);
  });

  test('is judged in linear time by a pattern that backtracks elsewhere', () => {
    const started = performance.now();
    expect(found(definition('m: {type: string, pattern: "^(a+)+$"}'), `{m: ${'a'.repeat(40)}!}`)).toEqual([
      'invalid-value /spec/m',
    ]);
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});

describe('a v1beta1 definition', () => {
  const old = (more: string): JsonObject =>
    read(`
apiVersion: apiextensions.k8s.io/v1beta1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  names: {kind: Widget, plural: widgets}
  version: v1
  ${more}
  validation: {openAPIV3Schema: {properties: {spec: {properties: {size: {type: integer}}}}}}`);

  test('keeps unknown fields unless it says otherwise', () => {
    expect(found(old(''), '{other: 1}')).toEqual([]);
    expect(found(old('preserveUnknownFields: false'), '{other: 1}')).toEqual(['unknown-field /spec/other']);
  });

  test('judges the fields that it lists', () => {
    expect(found(old(''), '{size: big}')).toEqual(['wrong-type /spec/size']);
  });
});

describe('pod templates in a custom kind', () => {
  const template =
    '{type: object, properties: {metadata: {type: object}, spec: {type: object, properties: {containers: {type: array, items: {type: object, properties: {image: {type: string}, name: {type: string}}}}}}}}';

  test('are found in fields, lists and maps', () => {
    const crds = compileCrds([
      definition(
        `template: ${template}, groups: {type: array, items: {type: object, properties: {podTemplate: ${template}}}}, roles: {type: object, additionalProperties: {type: object, properties: {template: ${template}}}}`,
      ),
    ]);
    expect(findPodTemplates(crds, 'example.com', 'Widget')).toEqual([
      ['spec', 'template'],
      ['spec', 'groups', everyItem, 'podTemplate'],
      ['spec', 'roles', everyItem, 'template'],
    ]);
  });

  test('are not seen in what only resembles them', () => {
    const crds = compileCrds([
      definition('template: {type: object, properties: {metadata: {type: object}, spec: {type: object}}}'),
    ]);
    expect(findPodTemplates(crds, 'example.com', 'Widget')).toEqual([]);
    expect(findPodTemplates(crds, 'example.com', 'Other')).toEqual([]);
  });
});
