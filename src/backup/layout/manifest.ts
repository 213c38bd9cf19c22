// Our own side files: what a backup holds, object by object, when each list was made, and the hash of every key. Pure.

import * as z from 'zod';
import type { ArchiveMember } from '../archive/pack-members.ts';
import type { Archived } from '../archive/write-archive.ts';
import type { ListRecord } from '../collect/list-record.ts';

export const manifestSchema = 'nowwhat.dev/backup-manifest/v1';
export const sealSchema = 'nowwhat.dev/backup-seal/v1';

const text = z.string();
const hash = z.string().regex(/^[0-9a-f]{64}$/);

const header = z.looseObject({ schema: z.literal(manifestSchema), backup: text, tool: text, started: text });
const object = z.object({
  groupResource: text,
  version: text,
  kind: text,
  namespace: text,
  name: text,
  bytes: z.number(),
  sha256: hash,
});
const list = z.object({
  groupResource: text,
  namespace: text,
  resourceVersion: text,
  from: text,
  to: text,
  objects: z.number(),
  inconsistent: z.boolean(),
  changes: z
    .object({ added: z.number(), modified: z.number(), deleted: z.number(), names: z.array(text), more: z.boolean() })
    .exactOptional(),
});
const member = z.object({ offset: z.number(), bytes: z.number(), objects: z.number() });
const end = z.strictObject({
  end: z.literal(manifestSchema),
  objects: z.number(),
  lists: z.number(),
  members: z.number().default(0),
});

const line = z.union([z.strictObject({ object }), z.strictObject({ list }), z.strictObject({ member })]);

/** Everything that a manifest says. */
export interface Manifest {
  readonly backup: string;
  readonly tool: string;
  readonly started: string;
  readonly objects: readonly Archived[];
  readonly lists: readonly ListRecord[];
  /** Where parts of the archive begin; none where it is one whole. */
  readonly members: readonly ArchiveMember[];
}

export function manifestHeader(backup: string, tool: string, started: string): string {
  return `${JSON.stringify({ schema: manifestSchema, backup, tool, started })}\n`;
}

export function objectLine(archived: Archived): string {
  return `${JSON.stringify({ object: archived })}\n`;
}

export function manifestEnd(
  objects: number,
  lists: readonly ListRecord[],
  members: readonly ArchiveMember[] = [],
): string {
  const lines = [...lists.map((list) => ({ list })), ...members.map((member) => ({ member }))];
  const last = { end: manifestSchema, objects, lists: lists.length, members: members.length };
  return [...lines, last].map((line) => `${JSON.stringify(line)}\n`).join('');
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** `undefined` where it was cut off, changed, or is of another version. */
export function parseManifest(whole: string): Manifest | undefined {
  const lines = whole.split('\n');
  if (lines.pop() !== '') return undefined;
  const head = header.safeParse(parseJson(lines.shift() ?? ''));
  const last = end.safeParse(parseJson(lines.pop() ?? ''));
  const body = z.array(line).safeParse(lines.map(parseJson));
  if (!head.success || !last.success || !body.success) return undefined;
  const objects = body.data.flatMap((each) => ('object' in each ? [each.object] : []));
  const lists = body.data.flatMap((each) => ('list' in each ? [each.list] : []));
  const members = body.data.flatMap((each) => ('member' in each ? [each.member] : []));
  const told = last.data;
  if (objects.length !== told.objects || lists.length !== told.lists || members.length !== told.members)
    return undefined;
  const { backup, tool, started } = head.data;
  return { backup, tool, started, objects, lists, members };
}

export interface SealedFile {
  /** Without the backup's folder. */
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

const seal = z.strictObject({
  schema: z.literal(sealSchema),
  backup: text,
  files: z.array(z.strictObject({ name: text, bytes: z.number(), sha256: hash })),
});

export function renderSeal(backup: string, files: readonly SealedFile[]): string {
  return JSON.stringify({ schema: sealSchema, backup, files });
}

/** `undefined` for text that is no seal, or is not as it was written. */
export function parseSeal(
  content: string,
): { readonly backup: string; readonly files: readonly SealedFile[] } | undefined {
  const parsed = seal.safeParse(parseJson(content));
  return parsed.success && JSON.stringify(parsed.data) === content ? parsed.data : undefined;
}
