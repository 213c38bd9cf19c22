import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyJsonPatch } from '../../kube/patch/json-patch.ts';
import { applyMergePatch } from '../../kube/patch/merge-patch.ts';
import {
  asObject,
  isJsonObject,
  isSameJson,
  type Json,
  type JsonObject,
  parseJson,
  renderJson,
} from '../../model/index.ts';
import { parseEntry } from '../archive/read-archive.ts';
import { assembleChange, type Change } from './assemble-change.ts';
import { bare } from './compare-live.ts';
import { removeAt } from './edit-object.ts';
import { withoutManagers } from './field-managers.ts';
import { prepareObject } from './prepare-object.ts';

const keys = fc.oneof(
  fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty', '', 'length', 'a', 'b'),
  fc.nat({ max: 20 }).map(String),
  fc.string({ unit: 'grapheme' }),
);
/** Values as JSON text, so that numbers are whatever stands there. */
const scalars = fc.oneof(
  fc.constantFrom(
    'null',
    '""',
    'true',
    '{}',
    '[]',
    '0',
    '-0',
    '1.0',
    '1e400',
    '9007199254740993',
    '0.10000000000000000001',
  ),
  fc.string({ unit: 'grapheme' }).map((text) => JSON.stringify(text)),
  fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }).map(String),
);
const values = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    scalars,
    fc.array(tie('value')).map((items) => `[${items.join(',')}]`),
    fc.dictionary(keys, tie('value')).map(writeFields),
  ),
})).value;

/** In the order in which JavaScript keeps them. */
function writeFields(fields: Readonly<Record<string, string>>): string {
  return `{${Object.entries(fields)
    .map(([key, value]) => `${JSON.stringify(key)}:${value}`)
    .join(',')}}`;
}

const maps = fc.dictionary(
  keys,
  fc.string().map((text) => JSON.stringify(text)),
);
const server = fc.subarray([
  'generateName',
  'selfLink',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
  'ownerReferences',
]);

/** What it says to remove stays; what is null within what it adds goes. */
function withoutNulls(patch: Json): Json {
  if (Array.isArray(patch)) return patch.map((each: Json) => pruned(each));
  if (!isJsonObject(patch)) return patch;
  return Object.fromEntries(Object.entries(patch).map(([key, value]) => [key, withoutNulls(value ?? null)]));
}

function pruned(value: Json): Json {
  if (!isJsonObject(value)) return withoutNulls(value);
  const kept = Object.entries(value).filter(([, each]) => each !== null);
  return Object.fromEntries(kept.map(([key, each]) => [key, pruned(each ?? null)]));
}

/** An object of a kind that nobody knows: whatever is in it is its user's. */
const saved = fc.record({
  fields: fc.dictionary(keys, values),
  spec: values,
  annotations: fc.option(maps),
  labels: maps,
  finalizers: fc.option(fc.array(fc.string()).map((all) => JSON.stringify(all))),
  server,
  status: fc.option(values),
});
type Saved = typeof saved extends fc.Arbitrary<infer T> ? T : never;

function write({ fields, spec, annotations, finalizers, ...rest }: Saved, labels: string, isArchived: boolean): string {
  const metadata = {
    name: '"one"',
    namespace: '"shop"',
    ...(annotations === null ? {} : { annotations: writeFields(annotations) }),
    ...(finalizers === null ? {} : { finalizers }),
    ...(isArchived ? Object.fromEntries(rest.server.map((key) => [key, '"x"'])) : {}),
    labels,
  };
  const head = { apiVersion: '"shop.example.com/v1"', kind: '"Widget"', metadata: writeFields(metadata) };
  const { status: _status, ...others } = fields;
  const status = isArchived && rest.status !== null ? { status: rest.status } : {};
  return writeFields({ ...others, ...head, spec, ...status });
}

function restored(text: string): JsonObject {
  const place = { groupResource: 'widgets.shop.example.com', namespace: 'shop', name: 'one' };
  const object = parseEntry({ place, content: Buffer.from(text) }, 'archive');
  const prepared = prepareObject('widgets.shop.example.com', object, {
    backup: 'b',
    restore: 'r',
    mapNamespace: (name) => name,
    preserveNodePorts: false,
    storageClasses: new Map(),
    images: [],
    hasAccount: () => false,
    newUid: () => undefined,
    keepsStatus: () => false,
  });
  if ('skip' in prepared) throw new Error(prepared.skip);
  return withoutManagers(prepared.object);
}

describe('what a restore sends', () => {
  it('is to the digit and in order what was saved, but for what the page says', () => {
    fc.assert(
      fc.property(saved, (object) => {
        const own = { 'velero.io/backup-name': '"b"', 'velero.io/restore-name': '"r"' };
        const sent = renderJson(restored(write(object, writeFields(object.labels), true)));
        expect(sent).toBe(write(object, writeFields({ ...object.labels, ...own }), false));
      }),
      { numRuns: 200 },
    );
  });
});

describe('what an update makes of what is there', () => {
  const objects = fc.tuple(fc.dictionary(keys, values), fc.dictionary(keys, values), fc.dictionary(keys, values));

  /** As the API server carries it out: what a merge patch adds has no null in it. */
  function changed(live: JsonObject, change: Change): JsonObject {
    return change.type === 'json'
      ? asObject(applyJsonPatch(live, change.body as unknown as Json))
      : applyMergePatch(live, withoutNulls(change.body) as JsonObject);
  }

  it('is what was saved, null, empty and all', () => {
    let byJson = 0;
    fc.assert(
      fc.property(objects, maps, fc.boolean(), ([shared, own, other], labels, isAlike) => {
        const widget = (fields: Readonly<Record<string, string>>, metadata: string): JsonObject =>
          asObject(
            parseJson(`{"kind":"Widget","metadata":${metadata},"spec":${writeFields({ ...shared, ...fields })}}`),
          );
        const wanted = widget(own, `{"name":"one","labels":${writeFields(labels)}}`);
        const live: JsonObject = {
          ...widget(isAlike ? own : other, '{"name":"one","uid":"u","labels":{"velero.io/backup-name":"b"}}'),
          status: { since: null },
        };
        const change = assembleChange(live, removeAt(live, ['metadata', 'uid'], ['status']), wanted);
        const after = change === undefined ? live : changed(live, change);
        if (change?.type === 'json') byJson += 1;
        expect(
          isSameJson(bare(after), bare({ ...wanted, metadata: { ...asObject(wanted['metadata']), uid: 'u' } })),
        ).toBe(true);
        expect(after['status']).toBe(live['status']);
        expect(asObject(asObject(after['metadata'])['labels'])['velero.io/backup-name']).toBe('b');
      }),
      { numRuns: 200 },
    );
    expect(byJson).toBeGreaterThan(10);
  });
});
