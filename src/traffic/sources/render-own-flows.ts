// What was seen as records of our own, one a line: to be given to other commands with --flows, also where the cluster is out of reach.

import type { JsonObject } from '../../model/index.ts';
import type { Sighting, TrafficEdge, TrafficReport } from '../report.ts';
import type { Party } from '../who/party.ts';
import { normalAddress } from './end-fields.ts';
import { flowSchema } from './own-format.ts';

function endOf({ kind, id, namespace = '', name, objectKind }: Party): JsonObject {
  switch (kind) {
    case 'workload':
      return { namespace, workload: `${objectKind ?? ''}/${name}` };
    case 'service':
      return { namespace, service: name };
    case 'node':
    case 'api-server':
      return { is: kind };
    case 'outside':
      return normalAddress(id) === undefined ? { host: id } : { address: id };
    case 'cluster':
      return { address: name };
  }
}

function earliest(times: readonly (string | undefined)[]): string | undefined {
  return times.filter((time) => time !== undefined).toSorted()[0];
}

function latest(times: readonly (string | undefined)[]): string | undefined {
  return times
    .filter((time) => time !== undefined)
    .toSorted()
    .at(-1);
}

function recordOf({ from, to, protocol, port }: TrafficEdge, outcome: string, own: readonly Sighting[]): JsonObject {
  const time = earliest(own.map(({ first }) => first));
  const last = latest(own.map((each) => each.last));
  return {
    schema: flowSchema,
    ...(time === undefined ? {} : { time }),
    ...(last === undefined ? {} : { last }),
    from: endOf(from),
    to: endOf(to),
    protocol,
    ...(port === undefined ? {} : { port }),
    ...(outcome === 'connected' ? {} : { outcome }),
    count: own.reduce((sum, { count }) => sum + count, 0),
  };
}

/** A line for each connection and outcome that was seen; what is only declared is none. */
export function renderOwnFlows({ edges }: TrafficReport): string {
  const records = edges.flatMap((edge) =>
    [...new Set(edge.seen.map(({ outcome }) => outcome))].map((outcome) =>
      recordOf(
        edge,
        outcome,
        edge.seen.filter((each) => each.outcome === outcome),
      ),
    ),
  );
  return records.map((record) => `${JSON.stringify(record)}\n`).join('');
}
