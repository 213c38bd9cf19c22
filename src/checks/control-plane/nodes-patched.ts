// Nodes get security updates: only the cluster can tell.

import { findSystemSupport, type NodeFacts } from '../../inventory/index.ts';
import { clusterCheck, notSeen } from '../cluster-check.ts';
import { groupNodes, machinesOf, nodesHidden } from './nodes.ts';

/** The runtime's own project may have stopped; whether its distribution goes on nobody here knows. */
function describeNode({ osImage, kernel, runtime, runtimeSupportedUntil: until }: NodeFacts): string {
  return `${osImage}, kernel ${kernel}, ${runtime}${until === undefined ? '' : ` (support by its project ends ${until})`}`;
}

function endOfSystem({ osImage, systemSupportedUntil = '' }: NodeFacts): string {
  const longer = findSystemSupport(osImage)?.longer;
  return `${osImage} until ${systemSupportedUntil}${longer === undefined ? '' : `, longer for ${longer}`}`;
}

export const nodesPatched = clusterCheck(
  {
    id: 'nodes-patched',
    family: 'control-plane',
    title: 'Nodes get security updates',
    leg: 'security',
    level: 2,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'high',
    references: [],
    remediation: 'Replace nodes regularly with patched images.',
    minutes: 60,
    settledBy: 'a look at the target cluster',
  },
  {
    inFiles: 'whether nodes are patched cannot be seen in files',
    find: (view, { options: { today } }) => {
      const nodes = machinesOf(view);
      if (nodes === undefined) return notSeen('whether nodes get security updates is not known', nodesHidden);
      const ended = nodes.filter(({ systemSupportedUntil: until }) => until !== undefined && until < today);
      const forgotten = ended.filter(({ osImage }) => findSystemSupport(osImage)?.longer === undefined);
      if (forgotten.length > 0)
        return {
          message: `${forgotten.length} of ${nodes.length} nodes run an operating system that gets no more security updates`,
          evidence: groupNodes(forgotten, endOfSystem),
        };
      if (ended.length > 0)
        return notSeen(
          'the operating system of some nodes is only patched for who pays for it',
          groupNodes(ended, endOfSystem),
        );
      return notSeen(
        'which updates are installed on the nodes is not known',
        `${groupNodes(nodes, describeNode)}; would be settled by a look at the nodes`,
      );
    },
  },
);
