// Our own record of a connection, one JSON object a line: `nowwhat.dev/flow/v1`.

import { asNumber, asObject, asString, isIn, type JsonObject } from '../../model/index.ts';
import type { Flow, FlowEnd } from '../flow.ts';
import { endOf, isBlank, normalAddress, portOf, protocolOf, timeOf, told } from './end-fields.ts';

export const flowSchema = 'nowwhat.dev/flow/v1';

/** `Deployment/web`, or only `web`. */
function workloadOf(text: string | undefined): FlowEnd['workload'] {
  if (text === undefined || text === '') return undefined;
  const [first = '', second] = text.split('/');
  return second === undefined ? { name: first } : { kind: first, name: second };
}

/** Ends that have no name in a namespace. */
const unnamed = ['node', 'api-server', 'outside'] as const;

function readEnd(value: unknown): FlowEnd {
  const raw = asObject(value);
  return endOf({
    address: normalAddress(asString(raw['address'])),
    namespace: asString(raw['namespace']),
    pod: asString(raw['pod']),
    workload: workloadOf(asString(raw['workload'])),
    labels: undefined,
    service: asString(raw['service']),
    host: asString(raw['host'])?.toLowerCase(),
    is: isIn(unnamed, raw['is']) ? raw['is'] : undefined,
  });
}

const outcomes = ['connected', 'attempted', 'dropped'] as const;

/** What is wrong with a record; the first thing. */
function problemOf(raw: JsonObject, { from, to }: Pick<Flow, 'from' | 'to'>): string | undefined {
  if (isBlank(from) || isBlank(to)) return 'names no "from" or no "to"';
  if (protocolOf(raw['protocol'] ?? 'TCP') === undefined) return 'has a protocol that is not TCP, UDP or SCTP';
  if (raw['port'] !== undefined && portOf(raw['port']) === undefined)
    return 'has a port that is not a number from 1 to 65535';
  if (!isIn(outcomes, raw['outcome'] ?? 'connected'))
    return 'has an outcome that is not connected, attempted or dropped';
  return undefined;
}

/** The connection, or why the record is none. */
export function parseOwnFlow(raw: JsonObject, where: string): Flow | string {
  const ends = { from: readEnd(raw['from']), to: readEnd(raw['to']) };
  const problem = problemOf(raw, ends);
  if (problem !== undefined) return problem;
  const { outcome } = raw;
  return {
    ...ends,
    protocol: protocolOf(raw['protocol']) ?? 'TCP',
    outcome: isIn(outcomes, outcome) ? outcome : 'connected',
    count: asNumber(raw['count']) ?? 1,
    where,
    ...told<Flow>({ port: portOf(raw['port']), time: timeOf(raw['time']), last: timeOf(raw['last']) }),
  };
}
