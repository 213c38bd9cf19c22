// Reports of our own probe: `nowwhat probe -o json`.

import {
  asArray,
  asObject,
  asString,
  type ExposureEvidence,
  isIn,
  type Json,
  type SeenDoor,
  severities,
} from '../../model/index.ts';
import type { Reader } from './reader.ts';

const schema = 'nowwhat.dev/probe/v1';
const standpoints = ['outside', 'inside'] as const;
const states: readonly SeenDoor['state'][] = ['open', 'guarded', 'answers', 'closed', 'silent'];

function readService(value: Json | undefined): Pick<SeenDoor, 'service'> {
  const { namespace, name } = asObject(value);
  return typeof namespace === 'string' && typeof name === 'string' ? { service: { namespace, name } } : {};
}

function readDoor(item: Json): SeenDoor[] {
  const { address, door, title, state, evidence, what, severity, service } = asObject(item);
  if (typeof address !== 'string' || typeof door !== 'string' || !isIn(states, state)) return [];
  return [
    {
      address,
      door,
      title: asString(title) ?? door,
      state,
      evidence: asString(evidence) ?? '',
      ...(typeof what === 'string' ? { what } : {}),
      ...(isIn(severities, severity) ? { severity } : {}),
      ...readService(service),
    },
  ];
}

export const probeReader: Reader = {
  what: 'report of nowwhat probe',
  recognises: ([report]) => report?.['schema'] === schema,
  advice: 'Write it with `nowwhat probe -o json`.',
  read: ([report], file) =>
    asArray(report?.['looks']).flatMap((item): ExposureEvidence[] => {
      const { from, results } = asObject(item);
      const date = asString(report?.['date']);
      if (!isIn(standpoints, from)) return [];
      const doors = asArray(results).flatMap(readDoor);
      const source = { tool: 'nowwhat probe', file, ...(date === undefined ? {} : { date }) };
      return [{ about: 'exposure', ...source, from, doors }];
    }),
};
