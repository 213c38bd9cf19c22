// Finds nodes of the same make that have different kernels, kubelets or runtimes: some of them were not brought up to date.

import { findNodes, type NodeFacts, viewOf } from '../../inventory/index.ts';
import { groupBy } from '../../model/index.ts';
import { appCheck, type AppDiagnostic } from '../check.ts';
import { nameSome } from '../cluster-check.ts';

const parts = [
  ['kernel', 'kernels'],
  ['kubelet', 'kubelets'],
  ['runtime', 'container runtimes'],
] as const;

function compareNodes(nodes: readonly NodeFacts[], make: string): AppDiagnostic[] {
  return parts.flatMap(([field, words]) => {
    const byVersion = groupBy(nodes, (node) => node[field]);
    if (byVersion.size < 2) return [];
    return {
      message: `nodes with ${make} run ${byVersion.size} different ${words}: not all of them were brought up to date`,
      evidence: [...byVersion]
        .map(([version, same]) => `${version} on ${nameSome(same.map(({ name }) => name))}`)
        .join('; '),
    };
  });
}

export const nodesDiffer = appCheck(
  {
    id: 'nodes-differ',
    family: 'running',
    title: 'Nodes of the same make run the same versions',
    leg: 'security',
    level: 2,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'low',
    references: [],
    remediation: 'Update and restart the nodes that are behind, one after the other.',
    minutes: 60,
  },
  {
    applies: ({ inventory }) => viewOf(inventory).live && findNodes(viewOf(inventory)).nodes.length > 1,
    find: ({ inventory }) => {
      const machines = findNodes(viewOf(inventory)).nodes.filter(({ virtual }) => !virtual);
      const makes = groupBy(
        machines,
        ({ osImage, architecture }) => `${osImage}${architecture === '' ? '' : ` (${architecture})`}`,
      );
      return [...makes].flatMap(([make, nodes]) => compareNodes(nodes, make));
    },
  },
);
