// Why nobody can tell whether a connection is open: what the judge of single connections says of one of its ports.

import { type Connections, controllerEnd, type Edge } from '../engine/connections.ts';
import { rangeId } from '../engine/ranges.ts';
import type { End } from '../ends.ts';
import { judgeConnection, type Judgement } from '../judge-connection.ts';
import { firstPort, type PortSet } from '../ports/port-set.ts';

/** The ends that may stand at one side of an edge. */
export function endsOf(found: Connections, id: string, direction: 'ingress' | 'egress'): readonly End[] {
  const workload = found.workload(id);
  if (workload !== undefined) return workload.ends;
  const range = found.ranges[direction].find((each) => rangeId(each) === id);
  if (range === undefined) return [controllerEnd];
  return [{ kind: 'outside', address: { family: range.family, value: range.first } }];
}

function reasons({ egress, ingress }: Judgement): string[] {
  return [egress, ingress].flatMap((side) => (side?.verdict === 'unknown' ? [side.why] : []));
}

const byPlugin = 'pods in the network of their node are held to policies by some network plugins only';

export function whyUnknown(found: Connections, { from, to }: Edge, ports: PortSet): string {
  const { protocol, port } = firstPort(ports);
  const [callers, called] = [endsOf(found, from, 'ingress'), endsOf(found, to, 'egress')];
  const all = callers.flatMap((caller) =>
    called.flatMap((callee) => reasons(judgeConnection({ from: caller, to: callee, protocol, port }, found.set))),
  );
  const isHost = [...callers, ...called].some((end) => end.kind === 'pod' && end.isHostNetwork);
  return [...new Set(isHost ? [byPlugin] : all)].join('; ') || 'what is not in the input decides';
}
