// What to do about sensitive workloads, as steps with owners: namespaces, networks, identities, nodes, sandboxes, quotas.

import { callsOf, type Inventory, type Workload } from '../../inventory/index.ts';
import { type JsonObject, type Owner, pushTo } from '../../model/index.ts';
import type { Places } from './find-places.ts';
import { has, type SensitiveWorkload } from './find-sensitive.ts';

export interface IsolationStep {
  readonly topic: 'namespace' | 'network' | 'identity' | 'pod-security' | 'nodes' | 'sandbox' | 'quota';
  readonly title: string;
  readonly reason: string;
  readonly owner: Owner;
  /** `Kind namespace/name`. */
  readonly subjects: readonly string[];
  /** Commands to copy. */
  readonly commands: readonly string[];
  /** What to put into a pod template or to create; a decision of the user's is left as `DECIDE`. */
  readonly manifest?: JsonObject;
  /** What would settle it, where the input leaves it open. */
  readonly open?: string;
}

export function nameOf({ object: { kind, namespace, name } }: Workload): string {
  return `${kind} ${namespace}/${name}`;
}

function namesOf(list: readonly SensitiveWorkload[]): string[] {
  return list.map(({ workload }) => nameOf(workload));
}

function byNamespace(list: readonly SensitiveWorkload[]): Map<string, SensitiveWorkload[]> {
  const groups = new Map<string, SensitiveWorkload[]>();
  for (const each of list) {
    const { namespace } = each.workload.object;
    pushTo(groups, namespace, each);
  }
  return groups;
}

/** Names by which others call it change with its namespace. */
function callersOf(inventory: Inventory, moved: readonly SensitiveWorkload[]): string[] {
  const targets = new Set(moved.flatMap(({ workload }) => inventory.selectorsOf(workload, '/Service')));
  const callers = inventory.workloads.filter((workload) =>
    callsOf(inventory, workload).some(({ to }) => to.kind === 'service' && targets.has(to.service)),
  );
  return [...new Set(callers.map(({ object }) => object.name))].sort();
}

/** Whoever may run pods or read Secrets in a namespace has all that is in it: what is reached from outside and what is worth most are kept apart. */
function namespaceSteps(inventory: Inventory, list: readonly SensitiveWorkload[]): IsolationStep[] {
  return [...byNamespace(list)].flatMap(([namespace, own]) => {
    const reached = own.filter((each) => has(each, 'outside'));
    const moved = own.filter((each) => !has(each, 'outside') && has(each, 'data', 'identity', 'node'));
    if (reached.length === 0 || moved.length === 0) return [];
    const callers = callersOf(inventory, moved);
    const renamed =
      callers.length === 0
        ? ''
        : `; ${callers.join(', ')} then call${callers.length === 1 ? 's' : ''} ${moved.length === 1 ? 'it' : 'them'} as NAME.NAMESPACE`;
    return {
      topic: 'namespace',
      title: `Put ${moved.length === 1 ? 'it' : 'them'} into a namespace apart from what is reached from outside`,
      reason: `${reached.map(({ workload }) => workload.object.name).join(', ')} ${reached.length === 1 ? 'is' : 'are'} reached from outside and share${reached.length === 1 ? 's' : ''} namespace ${namespace}: rights, quotas and Secrets there are one${renamed}`,
      owner: 'developer',
      subjects: namesOf(moved),
      commands: [],
    } satisfies IsolationStep;
  });
}

function networkSteps(list: readonly SensitiveWorkload[], input: string): IsolationStep[] {
  const open = list.filter(({ holds }) => !holds.ingressIsolated || !holds.egressIsolated);
  if (open.length === 0) return [];
  return [
    {
      topic: 'network',
      title: 'Close the network around them',
      reason: 'no policy isolates them in both directions: every pod may connect to them, or they to everything',
      owner: 'developer',
      subjects: namesOf(open),
      commands: [`nowwhat network policies ${input}`],
    },
  ];
}

function identitySteps(list: readonly SensitiveWorkload[], input: string): IsolationStep[] {
  const wide = list.filter((each) => has(each, 'identity') && each.holds.tokenMounted !== false);
  if (wide.length === 0) return [];
  return [
    {
      topic: 'identity',
      title: 'Give each an account with the rights that it uses, and no more',
      reason: 'a break-in there has what the account may do',
      owner: 'developer',
      subjects: namesOf(wide),
      commands: [`nowwhat roles --audit-log FILE ${input}`],
    },
  ];
}

function isLevel(enforced: string | undefined): boolean {
  return enforced === 'baseline' || enforced === 'restricted';
}

function podSecuritySteps(list: readonly SensitiveWorkload[], input: string): IsolationStep[] {
  const open = [...byNamespace(list)].filter(([, own]) => own.some(({ holds }) => !isLevel(holds.podSecurity)));
  if (open.length === 0) return [];
  return [
    {
      topic: 'pod-security',
      title: 'Enforce a Pod Security level',
      reason: 'as far as the input tells, their namespaces admit every pod, also one that takes over its node',
      owner: 'cluster-administrator',
      subjects: open.map(([namespace]) => `Namespace ${namespace}`),
      commands: [`nowwhat pod-security ${input}`],
    },
  ];
}

/** Label and taint of a pool that is not there yet; the name is the user's own to change. */
const dedicated = { key: 'dedicated', value: 'sensitive' };

interface Placement {
  /** For the pod template. */
  readonly manifest: JsonObject;
  /** For the nodes; none where a pool is kept apart already. */
  readonly commands: readonly string[];
}

/** `dedicated=data:NoSchedule`; a taint without a value is tolerated whatever its value. */
function tolerationOf(taint: string): JsonObject {
  const [, key = '', value] = /^([^=:]+)(?:=([^:]*))?:/.exec(taint) ?? [];
  const rest = value === undefined ? { operator: 'Exists' } : { operator: 'Equal', value };
  return { key, ...rest, effect: 'NoSchedule' };
}

function placement({ pools }: Places): Placement {
  const tainted = pools.find(({ taints }) => taints.some((taint) => taint.endsWith(':NoSchedule')));
  const [label, name] = (tainted ?? pools.at(-1))?.label ?? [dedicated.key, dedicated.value];
  const ours = `${dedicated.key}=${dedicated.value}:NoSchedule`;
  const taint = tainted?.taints.find((each) => each.endsWith(':NoSchedule')) ?? ours;
  const manifest = { nodeSelector: { [label]: name }, tolerations: [tolerationOf(taint)] };
  if (tainted !== undefined) return { manifest, commands: [] };
  if (pools.length > 0) return { manifest, commands: [`kubectl taint nodes -l ${label}=${name} ${ours}`] };
  return { manifest, commands: [`kubectl label nodes NODE ${label}=${name}`, `kubectl taint nodes NODE ${ours}`] };
}

/** Who breaks out of a pod is on its node: what is worth most is not to be there. */
function nodeSteps(list: readonly SensitiveWorkload[], places: Places): IsolationStep[] {
  const apart = list.filter(
    (each) => has(each, 'data', 'identity') && !has(each, 'outside') && !each.holds.dedicatedNodes,
  );
  const reached = list.filter((each) => has(each, 'outside', 'node'));
  if (apart.length === 0 || reached.length === 0) return [];
  const { manifest, commands } = placement(places);
  const shared = {
    topic: 'nodes' as const,
    reason: `a break-out of ${reached[0]?.workload.object.name ?? 'a pod'} is then on a node without them`,
    subjects: namesOf(apart),
  };
  if (!places.sawNodes)
    return [
      {
        ...shared,
        title: 'Keep nodes for them',
        owner: 'cluster-administrator',
        commands,
        open: 'the nodes of the target cluster: name it with --context',
      },
      { ...shared, title: 'Send them there', owner: 'developer', commands: [], manifest },
    ];
  if (places.workers < 2)
    return [
      {
        ...shared,
        title: 'Add a pool of nodes for them',
        owner: 'cluster-administrator',
        commands,
        reason: `the cluster has ${places.workers === 1 ? 'one node' : 'no nodes'} for all; ${shared.reason}`,
      },
    ];
  return [
    ...(commands.length === 0
      ? []
      : [{ ...shared, title: 'Keep nodes for them', owner: 'cluster-administrator' as const, commands }]),
    { ...shared, title: 'Send them there', owner: 'developer', commands: [], manifest },
  ];
}

function sandboxSteps(list: readonly SensitiveWorkload[], { sandboxes }: Places): IsolationStep[] {
  const [sandbox] = sandboxes;
  // What is near its node on purpose does not run in a kernel of its own.
  const reached = list.filter(
    (each) => has(each, 'outside') && !has(each, 'node') && each.holds.runtimeClass === undefined,
  );
  if (sandbox === undefined || reached.length === 0) return [];
  return [
    {
      topic: 'sandbox',
      title: `Run them in the sandbox "${sandbox.name}"`,
      reason: `RuntimeClass ${sandbox.name} (${sandbox.handler}) is there: a break-out meets a kernel that is not the node's; try it in a copy first, as some system calls differ`,
      owner: 'developer',
      subjects: namesOf(reached),
      commands: [],
      manifest: { runtimeClassName: sandbox.name },
    },
  ];
}

function quotaSteps(list: readonly SensitiveWorkload[]): IsolationStep[] {
  return [...byNamespace(list)]
    .filter(([, own]) => own.every(({ holds }) => !holds.quota))
    .map(([namespace, own]) => ({
      topic: 'quota',
      title: `Limit what namespace ${namespace} may take`,
      reason:
        'without a quota one broken or broken-into workload takes the room of all others; the numbers are a decision',
      owner: 'cluster-administrator',
      subjects: namesOf(own),
      commands: [],
      manifest: {
        apiVersion: 'v1',
        kind: 'ResourceQuota',
        metadata: { name: 'limits', namespace },
        spec: {
          hard: { pods: 'DECIDE', 'requests.cpu': 'DECIDE', 'requests.memory': 'DECIDE', 'limits.memory': 'DECIDE' },
        },
      },
    }));
}

interface Situation {
  readonly inventory: Inventory;
  readonly places: Places;
  /** Paths and options about reading as the user wrote them. */
  readonly input: string;
}

/** Steps in the order in which they help most for the least. */
export function planIsolation(
  list: readonly SensitiveWorkload[],
  { inventory, places, input }: Situation,
): IsolationStep[] {
  return [
    ...networkSteps(list, input),
    ...identitySteps(list, input),
    ...podSecuritySteps(list, input),
    ...namespaceSteps(inventory, list),
    ...sandboxSteps(list, places),
    ...nodeSteps(list, places),
    ...quotaSteps(list),
  ];
}
