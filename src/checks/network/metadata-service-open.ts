// Finds egress rules that let pods reach the metadata service of a cloud node.

import { peersOf, ruleCoversPort, rulesOf } from '../../kube/network-policy.ts';
import { cidrContains, parseCidr } from '../../kube/cidr.ts';
import { asArray, asObject, asString, type JsonObject, type KubeObject } from '../../model/index.ts';
import { isHeldByPolicies, isolatingPolicies } from './isolation.ts';
import { workloadCheck } from '../check.ts';

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

export const metadataServiceOpen = workloadCheck(
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
    applies: isHeldByPolicies,
    find: (workload, { inventory }) => {
      const policies = isolatingPolicies(inventory, workload, 'egress');
      const path = [...workload.templatePath, 'metadata', 'labels'];
      const { name } = workload.object;
      if (policies.length === 0)
        return {
          verdict: 'unknown',
          message: `on a cloud node, pods of "${name}" may reach the metadata service and its credentials`,
          path,
          evidence: 'egress is not isolated; would be settled by an egress policy, or by a look at the nodes',
        };
      const open = policies.find(opens);
      if (open === undefined) return undefined;
      return {
        message: `pods of "${name}" may reach 169.254.169.254, where a cloud node keeps its credentials`,
        path,
        evidence: `allowed by policy ${open.name}`,
      };
    },
  },
);
