// The compiler of the schema table, from folders shaped like Kubernetes source trees to what the validator reads.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Schemas } from '../../src/kube/schema/table.ts';

interface Compiler {
  readOpenApi(from: string): Promise<{ version: string }>;
  summarizeVersion(read: { version: string }): object;
  mergeVersions(versions: readonly object[]): { table: string; clusterScoped: string[]; changes: string[] };
}

// A variable keeps the type checker out of the scripts, which are plain JavaScript.
const scripts = '../../scripts/schemas';
const compiler: Compiler = {
  ...((await import(`${scripts}/read-openapi.mjs`)) as Pick<Compiler, 'readOpenApi'>),
  ...((await import(`${scripts}/summarize-version.mjs`)) as Pick<Compiler, 'summarizeVersion'>),
  ...((await import(`${scripts}/merge-versions.mjs`)) as Pick<Compiler, 'mergeVersions'>),
};

const root = mkdtempSync(join(tmpdir(), 'schema-compiler-'));
afterAll(() => rmSync(root, { recursive: true }));

const ref = (name: string): object => ({ allOf: [{ $ref: `#/components/schemas/${name}` }], default: {} });
const gvk = { group: 'toys.k8s.io', version: 'v1', kind: 'Robot' };

/** A source tree with one kind, `Robot`, whose spec has these fields. */
function sourceTree(version: string, fields: object, more: { required?: string[]; go?: string } = {}): string {
  const folder = join(root, `kubernetes@${version}`);
  const specs = join(folder, 'api/openapi-spec/v3');
  const generated = join(folder, 'pkg/generated/openapi');
  mkdirSync(specs, { recursive: true });
  mkdirSync(generated, { recursive: true });
  const operation = { 'x-kubernetes-group-version-kind': gvk };
  const document = {
    paths: {
      '/apis/toys.k8s.io/v1/robots': { get: operation },
      '/apis/toys.k8s.io/v1/watch/robots/{name}': { get: operation },
      '/apis/toys.k8s.io/v1/namespaces/{namespace}/robots': { post: operation },
      '/apis/toys.k8s.io/v1/namespaces/{namespace}/robots/{name}/scale': {
        get: { 'x-kubernetes-group-version-kind': { ...gvk, kind: 'Scale' } },
      },
    },
    components: {
      schemas: {
        'io.k8s.api.toys.v1.Robot': {
          properties: { spec: ref('io.k8s.api.toys.v1.RobotSpec'), status: ref('io.k8s.api.toys.v1.RobotStatus') },
          'x-kubernetes-group-version-kind': [gvk],
        },
        'io.k8s.api.toys.v1.RobotSpec': { properties: fields, required: more.required ?? [] },
        'io.k8s.api.toys.v1.RobotStatus': { properties: { seen: { type: 'string' } } },
        'io.k8s.apimachinery.pkg.api.resource.Quantity': { oneOf: [{ type: 'string' }, { type: 'number' }] },
      },
    },
  };
  writeFileSync(join(specs, 'apis__toys.k8s.io__v1_openapi.json'), JSON.stringify(document));
  writeFileSync(join(generated, 'zz_generated.openapi.go'), more.go ?? '');
  return folder;
}

async function compile(...folders: string[]): Promise<ReturnType<Compiler['mergeVersions']> & { schemas: Schemas }> {
  const read = await Promise.all(folders.map((folder) => compiler.readOpenApi(folder)));
  const versions = read.map((each) => ({
    minor: Number(each.version.split('.')[1]),
    ...compiler.summarizeVersion(each),
  }));
  const merged = compiler.mergeVersions(versions);
  return {
    ...merged,
    schemas: new Schemas(
      merged.table,
      read.map((each) => each.version),
    ),
  };
}

const text = { type: 'string' };

describe('the schema compiler', () => {
  test('takes the kinds that can be created, with their scope, and no subresources', async () => {
    const { schemas, clusterScoped } = await compile(sourceTree('v1.1.0', { name: text }));
    expect(schemas.kinds.map(({ kind, namespaced }) => [kind, namespaced])).toEqual([['Robot', true]]);
    expect(clusterScoped).toEqual([]);
  });

  test('leaves the status open and its types out', async () => {
    const { schemas } = await compile(sourceTree('v1.2.0', { name: text }));
    expect(schemas.typeNames).toEqual(['toys.v1.Robot', 'toys.v1.RobotSpec']);
    expect(schemas.typesAt(2).typeNamed('toys.v1.Robot').fields.get('status')?.type).toBe('any');
  });

  test('marks fields by the minors that have them', async () => {
    const { schemas } = await compile(
      sourceTree('v1.3.0', { name: text, old: text }),
      sourceTree('v1.4.0', { name: text, fresh: text }),
    );
    const fieldsAt = (minor: number): string[] => [
      ...schemas.typesAt(minor).typeNamed('toys.v1.RobotSpec').fields.keys(),
    ];
    expect(fieldsAt(3)).toEqual(['name', 'old']);
    expect(fieldsAt(4)).toEqual(['fresh', 'name']);
  });

  test('requires only what every minor requires', async () => {
    const { schemas } = await compile(
      sourceTree('v1.5.0', { a: text, b: text }, { required: ['a', 'b'] }),
      sourceTree('v1.6.0', { a: text, b: text }, { required: ['b'] }),
    );
    expect(schemas.typesAt(6).typeNamed('toys.v1.RobotSpec').required).toEqual(['b']);
  });

  test('takes values from the Go source, which the published files leave out', async () => {
    const go = [
      'func schema_k8sio_api_toys_v1_RobotSpec(ref common.ReferenceCallback) common.OpenAPIDefinition {',
      '\t\t\t\t\t"mode": {',
      '\t\t\t\t\t\t\tEnum:        []interface{}{"Fast", "Very slow"},',
    ].join('\n');
    const { schemas } = await compile(sourceTree('v1.7.0', { mode: text, name: text }, { go }));
    const { fields } = schemas.typesAt(7).typeNamed('toys.v1.RobotSpec');
    expect([...(fields.get('mode')?.enumValues ?? [])]).toEqual(['Fast', 'Very slow', '']);
    expect(fields.get('name')?.enumValues).toBeUndefined();
  });

  test('keeps list keys, merge keys, formats and defaults that say something', async () => {
    const { table } = await compile(
      sourceTree('v1.8.0', {
        arms: {
          type: 'array',
          items: { type: 'integer', format: 'int32' },
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['a', 'b'],
          'x-kubernetes-patch-strategy': 'merge',
          'x-kubernetes-patch-merge-key': 'a',
        },
        size: { $ref: '#/components/schemas/io.k8s.apimachinery.pkg.api.resource.Quantity' },
        speed: { type: 'integer', format: 'int64', default: 5 },
        zero: { type: 'boolean', default: false },
      }),
    );
    expect(table.split('\n').filter((line) => line.startsWith(' '))).toEqual([
      ' spec @toys.v1.RobotSpec',
      ' status o',
      ' arms [i /a,b ^a',
      ' size q',
      ' speed l :5',
      ' zero b',
    ]);
  });

  test('tells where a field changed its type', async () => {
    const { changes } = await compile(
      sourceTree('v1.9.0', { a: text }),
      sourceTree('v1.10.0', { a: { type: 'boolean' } }),
    );
    expect(changes).toEqual(['type changed: toys.v1.RobotSpec.a: s -> b']);
  });

  test('refuses a folder that does not say its version', async () => {
    await expect(compiler.readOpenApi(root)).rejects.toThrow('must end in the version');
  });
});
