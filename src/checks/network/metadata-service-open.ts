// Finds egress rules that let pods reach the metadata service of a cloud node.

import type { Workload } from '../../inventory/index.ts';
import { cloudIdentityOf } from '../../inventory/rights/cloud-identity.ts';
import { peersOf, ruleCoversPort, rulesOf } from '../../kube/network-policy.ts';
import { cidrContains, parseCidr } from '../../kube/cidr.ts';
import {
  asArray,
  asObject,
  asString,
  type JsonObject,
  type KubeObject,
  type SeenDoor,
  type Edit,
  type Path,
} from '../../model/index.ts';
import { doorsSeen, tellOpenDoor } from '../seen-doors.ts';
import { isHeldByPolicies, isolatingPolicies } from './isolation.ts';
import { appCheck, type AppDiagnostic, type CheckContext } from '../check.ts';
import { offer, way } from '../fix.ts';

const metadataAddress = '169.254.169.254/32';

function covers(block: string | undefined): boolean {
  const outer = block === undefined ? undefined : parseCidr(block);
  const inner = parseCidr(metadataAddress);
  return outer !== undefined && inner !== undefined && cidrContains(outer, inner);
}

function peerReaches(peer: JsonObject): boolean {
  const block = asObject(peer['ipBlock']);
  return covers(asString(block['cidr'])) && !asArray(block['except']).some((item) => covers(asString(item)));
}

function opens({ raw }: KubeObject): boolean {
  return rulesOf(raw, 'egress').some(
    (rule) =>
      ruleCoversPort(rule, { protocol: 'TCP', port: 80 }) && (peersOf(rule, 'egress')?.some(peerReaches) ?? true),
  );
}

interface OpenPeer {
  readonly path: Path;
  readonly block: boolean;
}

/** Places of the peers that let the address in, one for each rule that names none. */
function openPeers({ raw }: KubeObject): OpenPeer[] {
  return rulesOf(raw, 'egress').flatMap((rule, at): OpenPeer[] => {
    if (!ruleCoversPort(rule, { protocol: 'TCP', port: 80 })) return [];
    const peers = peersOf(rule, 'egress');
    if (peers === undefined) return [{ path: ['spec', 'egress', at], block: false }];
    return peers.flatMap((peer, index) =>
      peerReaches(peer) ? [{ path: ['spec', 'egress', at, 'to', index, 'ipBlock', 'except'], block: true }] : [],
    );
  });
}

function exceptions(policy: KubeObject): Edit[] {
  return openPeers(policy)
    .filter(({ block }) => block)
    .map(({ path }) => ({ op: 'add', path, values: [metadataAddress] }));
}

/** A rule that opens the address is the workload's own; the lack of any policy is told once for the app. */
function judge(workload: Workload, { inventory }: CheckContext): AppDiagnostic | 'not isolated' | undefined {
  const policies = isolatingPolicies(inventory, workload, 'egress');
  if (policies.length === 0) return 'not isolated';
  const open = policies.find(opens);
  // On GKE such pods are given their own identity there, and not that of the node.
  if (open === undefined || cloudIdentityOf(inventory, workload)?.provider === 'GKE') return undefined;
  return {
    object: workload.object,
    message: `pods of "${workload.object.name}" may reach 169.254.169.254, where a cloud node keeps its credentials`,
    path: [...workload.templatePath, 'metadata', 'labels'],
    evidence: `allowed by policy ${open.name}`,
  };
}

function listNames(workloads: readonly Workload[]): string {
  const names = workloads.slice(0, 3).map(({ object }) => `"${object.name}"`);
  return workloads.length > 3 ? `${names.join(', ')} and ${workloads.length - 3} more` : names.join(', ');
}

function tellNotIsolated(workloads: readonly Workload[]): AppDiagnostic[] {
  if (workloads.length === 0) return [];
  return [
    {
      verdict: 'unknown',
      message: `on a cloud node, pods of ${listNames(workloads)} may reach the metadata service and its credentials`,
      evidence: `egress of ${workloads.length} ${workloads.length === 1 ? 'workload' : 'workloads'} is not isolated; would be settled by an egress policy, or by a look at the nodes`,
    },
  ];
}

function isMetadata({ door }: SeenDoor): boolean {
  return door === 'metadata-service';
}

export const metadataServiceOpen = appCheck(
  {
    id: 'metadata-service-open',
    family: 'network',
    title: 'The cloud metadata service is out of reach',
    leg: 'security',
    level: 3,
    owner: 'developer',
    severity: 'high',
    references: [{ framework: 'MITRE', id: 'T1552.005' }],
    remediation: 'Except 169.254.169.254/32 from the egress rule.',
    minutes: 10,
  },
  {
    applies: ({ inventory }) =>
      inventory.workloads.some(isHeldByPolicies) || doorsSeen(inventory, 'inside').some(isMetadata),
    find: (context) => {
      const seen = doorsSeen(context.inventory, 'inside').find((door) => isMetadata(door) && door.state === 'open');
      if (seen !== undefined) return tellOpenDoor(seen, 'inside');
      const judged = context.inventory.workloads
        .filter(isHeldByPolicies)
        .map((workload) => ({ workload, answer: judge(workload, context) }));
      const failing = judged.flatMap(({ answer }) => (answer === undefined || answer === 'not isolated' ? [] : answer));
      const notIsolated = judged.filter(({ answer }) => answer === 'not isolated').map(({ workload }) => workload);
      return [...failing, ...tellNotIsolated(notIsolated)];
    },
    fix: ({ object }, { inventory }) => {
      const workload = object === undefined ? undefined : inventory.workloadOf(object);
      const policies = workload === undefined ? [] : isolatingPolicies(inventory, workload, 'egress').filter(opens);
      const others = policies.map((policy) => ({ object: policy, edits: exceptions(policy) }));
      // A rule that names no addresses has nothing to except from.
      if (others.length === 0 || policies.some((policy) => exceptions(policy).length < openPeers(policy).length))
        return undefined;
      return offer(
        way(
          {
            id: 'except-address',
            title: 'Except the address of the metadata service',
            consequence: 'programs that take their identity of the cloud from it, such as on GKE, lose it',
          },
          { others },
        ),
      );
    },
  },
);
