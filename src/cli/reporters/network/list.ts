// The connections of an app, one in each line: for grep and diff.

import type { ConnectionsReport, ReportEdge } from '../../../reachability/index.ts';
import { visible } from '../../style.ts';

function line({ from, to, protocol, ports }: ReportEdge): string {
  const words = protocol === 'All' ? 'All' : ports === undefined ? protocol : `${protocol} ${ports.join(',')}`;
  return visible(`${from} => ${to} : ${words}`);
}

/** What is not known ends in a question mark. */
export function* renderNetworkList({ edges, unknown }: ConnectionsReport): Generator<string> {
  for (const edge of edges) yield `${line(edge)}\n`;
  for (const edge of unknown) yield `${line(edge)} ?\n`;
}
