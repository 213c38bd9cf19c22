// The machines of a cluster, for checks that ask what their nodes say of them.

import { type ClusterView, findNodes, type NodeFacts } from '../../inventory/index.ts';
import { pushTo } from '../../model/index.ts';
import { nameSome } from '../cluster-check.ts';

export const nodesHidden = 'nodes may not be listed, or there are none that are machines';

/** Nodes that are machines; `undefined` where they may not be listed or there are none. */
export function machinesOf(view: ClusterView): readonly NodeFacts[] | undefined {
  const machines = findNodes(view).nodes.filter(({ virtual }) => !virtual);
  return machines.length === 0 ? undefined : machines;
}

/** `Ubuntu 22.04.5 LTS on n1, n2; Debian GNU/Linux 12 on n3`. */
export function groupNodes(nodes: readonly NodeFacts[], tell: (node: NodeFacts) => string): string {
  const groups = new Map<string, string[]>();
  for (const node of nodes) pushTo(groups, tell(node), node.name);
  return [...groups].map(([text, names]) => `${text} on ${nameSome(names)}`).join('; ');
}
