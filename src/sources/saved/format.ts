// A saved snapshot of a cluster as text: a first line that says what it is, then one object a line, so that it is written and read as a stream.

import { z } from 'zod';
import type { ClusterFacts, JsonObject, KubeObject, Snapshot } from '../../model/index.ts';
import { toObject } from '../../kube/manifests/parse-manifests.ts';

export const snapshotSchema = 'nowwhat.dev/snapshot/v1';

const text = z.string();
const header = z.looseObject({
  schema: z.literal(snapshotSchema),
  minor: z.number().int(),
  savedOn: z.iso.date(),
  cluster: z.looseObject({
    context: text,
    serverVersion: text,
    namespaces: z.array(text),
    notListed: z.array(
      z.looseObject({
        group: text,
        kind: text,
        resource: text,
        namespace: text,
        failed: z.literal(true).optional(),
      }),
    ),
    secrets: z
      .array(
        z.looseObject({
          namespace: text,
          name: text,
          keys: z.record(text, z.looseObject({ bytes: z.number(), fingerprint: text })),
        }),
      )
      .optional(),
    releases: z
      .array(
        z.looseObject({
          namespace: text,
          name: text,
          revision: z.number(),
          status: text,
          chart: text,
          renderings: z.array(z.looseObject({ path: text, text, template: text.optional() })),
        }),
      )
      .optional(),
    beside: z
      .looseObject({
        objects: z.array(z.looseObject({})),
        whole: z.array(text),
        unread: z.array(z.looseObject({ kind: text, why: text })).default([]),
        kubelets: z.array(z.looseObject({ node: text, config: z.looseObject({}).optional(), unread: text.optional() })),
      })
      .optional(),
  }),
  unreadable: z.array(
    z.looseObject({
      code: text,
      position: z.looseObject({ file: text, line: z.number(), column: z.number() }),
      reason: text,
      advice: text,
    }),
  ),
});

export interface Header {
  readonly minor: number;
  /** ISO date. */
  readonly savedOn: string;
  readonly cluster: ClusterFacts;
  readonly unreadable: Snapshot['unreadable'];
}

/** The lines of a snapshot. Its objects hold no values of Secrets: reading a cluster drops them. */
export function* snapshotLines({ objects, unreadable, facts }: Snapshot, savedOn: string): Generator<string> {
  const { minor, cluster } = facts;
  yield `${JSON.stringify({ schema: snapshotSchema, savedOn, minor, cluster, unreadable })}\n`;
  for (const { raw } of objects) yield `${JSON.stringify(raw)}\n`;
  // A file that was cut off at the end of a line would look whole.
  yield `${JSON.stringify({ end: snapshotSchema, objects: objects.length })}\n`;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** The first line; `undefined` where it is no snapshot of this version. */
export function parseHeader(line: string): Header | undefined {
  const result = header.safeParse(parseJson(line));
  return result.success ? (result.data as unknown as Header) : undefined;
}

const end = z.strictObject({ end: z.literal(snapshotSchema), objects: z.number() });

/** How many objects the snapshot has, told by its last line; `undefined` for any other line. */
export function parseEnd(line: string): number | undefined {
  return line.startsWith('{"end":') ? end.safeParse(parseJson(line)).data?.objects : undefined;
}

/** A line with an object; `undefined` where it is none: the file was cut off or changed. */
export function parseObjectLine(line: string, context: string): KubeObject | undefined {
  const raw = parseJson(line);
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return undefined;
  const origin = { kind: 'cluster', unit: context } as const;
  const source = { file: context, text: -1, start: 0, end: 0, document: 0, line: 1, within: [], origin };
  return toObject(raw as JsonObject, source, 'default');
}
