// Nodes run a minimal operating system: only the cluster can tell.

import { clusterCheck, notSeen } from '../cluster-check.ts';
import { groupNodes, machinesOf, nodesHidden } from './nodes.ts';

export const nodesMinimal = clusterCheck(
  {
    id: 'nodes-minimal',
    family: 'control-plane',
    title: 'Nodes run a minimal operating system',
    leg: 'security',
    level: 2,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'low',
    references: [],
    remediation: 'Use an image made for containers.',
    minutes: 60,
    settledBy: 'a look at the target cluster',
  },
  {
    inFiles: 'which operating system the nodes run cannot be seen in files',
    find: (view) => {
      const nodes = machinesOf(view);
      if (nodes === undefined) return notSeen('which operating system the nodes run is not known', nodesHidden);
      const general = nodes.filter(({ system }) => system === 'general');
      const odd = nodes.filter(({ system }) => system === 'unknown');
      if (general.length > 0)
        return {
          message: `${general.length} of ${nodes.length} nodes run an operating system for all purposes: every program in it is one more to attack and to patch`,
          evidence: groupNodes(general, ({ osImage }) => osImage),
        };
      if (odd.length === 0) return undefined;
      return notSeen(
        'whether the operating system of the nodes is a minimal one is not known',
        groupNodes(odd, ({ osImage }) => osImage),
      );
    },
  },
);
