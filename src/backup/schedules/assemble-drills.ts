// The objects of a schedule of drills: what all schedules have, and for each namespace that is tried one that stands ready, with its fence. Pure.

import { createHash } from 'node:crypto';
import { asObject, type JsonObject } from '../../model/index.ts';
import { drillLabel, fencePolicy } from '../drill/fence.ts';
import { drillNote } from '../../kube/backup-schedule.ts';
import { assembleRuns, folders, type RunsWish } from './assemble-schedule.ts';
import { labelsOf } from './schedule-marks.ts';

export interface DrillsWish extends RunsWish {
  /** The backup schedule whose newest backup is tried. */
  readonly of: string;
  /** Namespaces of the backup, and the one that stands ready for each. */
  readonly fences: readonly (readonly [from: string, to: string])[];
  /** What a namespace that stands ready has of labels besides: how strictly it admits pods. */
  readonly labels: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** What is asked of the app, as YAML. */
  readonly probes?: string | undefined;
  /** Words behind `drill`: where from, volumes, how long. None is secret. */
  readonly words: readonly string[];
}

const longest = 63;

/** `shop-drill-weekly`: the same at each drill, so that rights can be given beforehand. */
export function fenceNameOf(schedule: string, namespace: string): string {
  const whole = `${namespace}-drill-${schedule}`;
  if (whole.length <= longest) return whole;
  const hash = createHash('sha256').update(whole).digest('hex').slice(0, 8);
  return `${whole.slice(0, longest - 9).replace(/-+$/, '')}-${hash}`;
}

function marked(object: JsonObject, more: JsonObject): JsonObject {
  const metadata = asObject(object['metadata']);
  return { ...object, metadata: { ...metadata, labels: { ...asObject(metadata['labels']), ...more } } };
}

/** A namespace that nobody gets out of: it stands before anything runs in it. */
function fence(wish: DrillsWish, [from, to]: DrillsWish['fences'][number]): JsonObject[] {
  const own = labelsOf(wish);
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: to, labels: wish.labels[from] ?? {} } };
  return [marked(namespace, { ...own, [drillLabel]: 'true' }), marked(fencePolicy(to), own)];
}

/** In the order in which they are needed. */
export function assembleDrills(wish: DrillsWish): readonly JsonObject[] {
  const { name, of, fences, probes, words } = wish;
  const asked = probes === undefined ? {} : { [drillNote]: { name: 'probes.yaml', text: probes } };
  const args = [
    'drill',
    '--from-schedule',
    of,
    '--schedule',
    name,
    '--into',
    fences.map((pair) => pair.join(':')).join(','),
    ...(probes === undefined ? [] : ['--probes', `${folders.backup}/probes.yaml`]),
    ...words,
  ];
  return [...fences.flatMap((each) => fence(wish, each)), ...assembleRuns(wish, { args, files: asked })];
}
