// The lines of a saved snapshot as they are read: each is what it should be, or nothing.

import * as z from 'zod';
import { type ClusterFacts, type JsonObject, type KubeObject, parseJson, type Snapshot } from '../../model/index.ts';
import { snapshotSchema } from './snapshot-lines.ts';
import { toObject } from '../../kube/manifests/parse-manifests.ts';
import { sourceInCluster } from '../../kube/manifests/source-in-cluster.ts';

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

function parseLine(line: string): unknown {
  try {
    return parseJson(line);
  } catch {
    return undefined;
  }
}

/** The first line; `undefined` where it is no snapshot of this version. */
export function parseHeader(line: string): Header | undefined {
  const result = header.safeParse(parseLine(line));
  return result.success ? (result.data as unknown as Header) : undefined;
}

const end = z.strictObject({ end: z.literal(snapshotSchema), objects: z.number() });

/** How many objects the snapshot has, told by its last line; `undefined` for any other line. */
export function parseEnd(line: string): number | undefined {
  return line.startsWith('{"end":') ? end.safeParse(parseLine(line)).data?.objects : undefined;
}

/** A line with an object; `undefined` where it is none: the file was cut off or changed. */
export function parseObjectLine(line: string, context: string): KubeObject | undefined {
  const raw = parseLine(line);
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return undefined;
  return toObject(raw as JsonObject, sourceInCluster(context), 'default');
}
