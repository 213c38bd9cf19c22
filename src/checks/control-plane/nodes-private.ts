// Nodes have no public addresses: only the cluster can tell.

import { findProvider, type NodeFacts } from '../../inventory/index.ts';
import { parseCidr, parseIpAddress, cidrContainsAddress } from '../../kube/cidr.ts';
import { clusterCheck, notSeen } from '../cluster-check.ts';
import { groupNodes, machinesOf, nodesHidden } from './nodes.ts';

/** Addresses that nobody on the internet reaches: private, shared, local and for documentation. Sources: RFC 1918, 6598, 3927, 5737, 4193, 4291, 3849. */
const notPublic = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '192.0.2.0/24',
  '198.51.100.0/24',
  '203.0.113.0/24',
  'fc00::/7',
  'fe80::/10',
  '::1/128',
  '2001:db8::/32',
].flatMap((text) => parseCidr(text) ?? []);

function isPublic(text: string): boolean {
  const address = parseIpAddress(text);
  return address !== undefined && !notPublic.some((range) => cidrContainsAddress(range, address));
}

function publicAddress({ externalAddresses, internalAddresses }: NodeFacts): string | undefined {
  return [...externalAddresses, ...internalAddresses].find(isPublic);
}

export const nodesPrivate = clusterCheck(
  {
    id: 'nodes-private',
    family: 'control-plane',
    title: 'Nodes have no public addresses',
    leg: 'security',
    level: 2,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'cluster-administrator',
    severity: 'medium',
    references: [{ framework: 'CIS', id: 'EKS 5.4.3' }],
    remediation: 'Put the nodes into private subnets.',
    minutes: 60,
    settledBy: 'a look at the target cluster',
  },
  {
    inFiles: 'whether nodes have public addresses cannot be seen in files',
    find: (view) => {
      const nodes = machinesOf(view);
      if (nodes === undefined) return notSeen('whether nodes have public addresses is not known', nodesHidden);
      const open = nodes.filter((node) => publicAddress(node) !== undefined);
      if (open.length > 0)
        return {
          message: `${open.length} of ${nodes.length} nodes can be reached from the internet by an address of their own`,
          evidence: groupNodes(open, (node) => publicAddress(node) ?? ''),
        };
      // Only a cloud tells the nodes which addresses it gave them; behind any other router there may be one that they do not know.
      if (findProvider(view).cloud !== undefined) return undefined;
      return notSeen(
        'whether nodes have public addresses is not known',
        'the nodes name private addresses only; a router in front of them may forward more',
      );
    },
  },
);
