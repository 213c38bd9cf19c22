// The shapes of plan files and of what lies in .nowwhat/: to read them by, and to publish (docs/schemas).

import * as z from 'zod';
import { owners } from '../../model/index.ts';

const text = z.string();
const name = z.string().min(1);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hex');
const time = z.iso.datetime({ offset: true, error: 'must be a time such as 2026-11-29T12:00:00Z' });
// What is read is JSON already: any value is one.
const json = z.unknown();

const objectRef = z.looseObject({ apiVersion: name, kind: name, namespace: text, name });
const subject = objectRef.extend({ container: text.exactOptional() });
const manifest = z.looseObject({ apiVersion: name, kind: name, metadata: z.looseObject({ name }) });

const lineChange = z.looseObject({ line: z.int().min(1), remove: z.array(text), add: z.array(text) });
const patchOperation = z.discriminatedUnion('op', [
  z.looseObject({ op: z.enum(['add', 'replace', 'test']), path: text, value: json }),
  z.looseObject({ op: z.literal('remove'), path: text }),
]);

/** Never outside of the plan's folder, whoever wrote the plan. */
const file = z
  .string()
  .regex(
    /^(?!\/|[A-Za-z]:)(?!(?:.*\/)?\.{1,2}(?:\/|$))[^\\\0]+$/,
    'must be a path inside of the folder, with / and without ..',
  );

const actions = [
  z.looseObject({ kind: z.literal('write-file'), file, content: text, executable: z.literal(true).exactOptional() }),
  z.looseObject({ kind: z.literal('edit-file'), file, before: sha256, after: sha256, changes: z.array(lineChange) }),
  z.looseObject({ kind: z.literal('remove-file'), file, before: sha256 }),
  z.looseObject({ kind: z.literal('apply'), object: manifest, takeOver: z.array(name) }),
  z.looseObject({ kind: z.literal('patch'), object: objectRef, patch: z.array(patchOperation) }),
  z.looseObject({ kind: z.literal('create'), object: manifest }),
  z.looseObject({ kind: z.literal('delete'), object: objectRef }),
] as const;

const action = z.discriminatedUnion('kind', actions);
const inverse = z.discriminatedUnion('kind', [...actions, z.looseObject({ kind: z.literal('none'), reason: text })]);
const owner = z.enum(owners);

const inputs = [
  z.looseObject({ kind: z.literal('file'), file, sha256: sha256.exactOptional() }),
  z.looseObject({
    kind: z.literal('object'),
    object: objectRef,
    uid: text.exactOptional(),
    resourceVersion: text.exactOptional(),
    sha256: sha256.exactOptional(),
  }),
] as const;
const input = z.discriminatedUnion('kind', inputs);

const target = z.discriminatedUnion('kind', [
  z.looseObject({ kind: z.literal('folder') }),
  z.looseObject({ kind: z.literal('cluster'), context: text, server: text }),
]);

const step = z.looseObject({
  id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]*$/, 'must be letters, digits and dashes'),
  title: text,
  reason: text,
  closes: z.array(text),
  owner,
  remarks: z.array(text).exactOptional(),
  action,
  inverse,
  after: z.array(text),
});

export const planSchema = z.looseObject({
  schema: z.literal('nowwhat.dev/plan/v1'),
  title: text,
  command: text,
  version: text,
  made: time,
  declaredIn: z.array(text).exactOptional(),
  target,
  inputs: z.array(input),
  steps: z.array(step),
  left: z.array(z.looseObject({ owner, what: text, subject: subject.exactOptional() })),
});

export const journalSchema = z.looseObject({
  schema: z.literal('nowwhat.dev/journal/v1'),
  state: z.enum(['applying', 'applied', 'undoing', 'undone']),
  started: time,
  ended: time.exactOptional(),
  trouble: text.exactOptional(),
  entries: z.array(
    z.looseObject({
      step: text,
      state: z.enum(['doing', 'done', 'undoing', 'undone']),
      at: time,
      inverse,
      left: input.exactOptional(),
    }),
  ),
});

export const proofSchema = z.looseObject({
  schema: z.literal('nowwhat.dev/proof/v1'),
  kind: z.string().regex(/^[a-z][a-z0-9-]*$/, 'must be lower-case words with dashes'),
  claim: text,
  command: text,
  version: text,
  time,
  result: z.enum(['holds', 'fails']),
  figures: z.record(text, z.union([z.number(), text])),
  inputs: z.array(
    z.discriminatedUnion('kind', [
      ...inputs,
      z.looseObject({ kind: z.literal('folder'), folder: z.union([file, z.literal('.')]), sha256 }),
      z.looseObject({ kind: z.literal('namespace'), context: text, namespace: name, sha256 }),
      z.looseObject({ kind: z.literal('cluster'), context: text, version: text }),
    ]),
  ),
  negativeControl: z.looseObject({ what: text, failed: z.boolean() }).exactOptional(),
  settles: z
    .array(z.looseObject({ check: name, verdict: z.enum(['pass', 'fail']), subject: subject.exactOptional() }))
    .exactOptional(),
  comparison: z.looseObject({ text, changed: z.boolean(), time: text.exactOptional() }).exactOptional(),
  until: z.iso.date().exactOptional(),
});
