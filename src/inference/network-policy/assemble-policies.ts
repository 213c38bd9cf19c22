// Puts the policies together: everything closed in each namespace, and one policy for each workload that holds all it needs.

import type { Inventory, Workload } from '../../inventory/index.ts';
import { asObject, type JsonObject, type KubeObject, pushTo } from '../../model/index.ts';
import { chooseSelectors } from './choose-selector.ts';
import { ciliumPolicy } from './cilium.ts';
import type { NameServer } from './dns.ts';
import { keyOfPeer, type Need, type Peer } from './need.ts';
import { type WrittenRule, writeRules } from './rules.ts';
import { workloadsIn } from './subject.ts';
import type { WrittenPolicy } from './written-policy.ts';

/** By which policies that this program wrote are known again. */
export const ownLabels: Readonly<Record<string, string>> = { 'app.kubernetes.io/managed-by': 'nowwhat' };

/** Of one namespace. */
export function allPods(namespace: string): Peer {
  return { kind: 'pods', name: `all pods of ${namespace}`, namespaces: [namespace], labels: {} };
}

const callsNotKnown = 'calls-not-known';
const defaultDeny = 'default-deny';

interface Draft {
  readonly namespace: string;
  readonly name: string;
  readonly about: string;
  readonly podSelector: JsonObject;
  readonly types: readonly ('Ingress' | 'Egress')[];
  readonly ingress?: readonly WrittenRule[];
  readonly egress?: readonly WrittenRule[];
}

/** Objects without a namespace of their own go where they are applied: so must the policies. */
function namesNamespace(workloads: readonly Workload[], namespace: string): boolean {
  return workloads.some(
    ({ object }) => object.namespace === namespace && asObject(object.raw['metadata'])['namespace'] !== undefined,
  );
}

function toPolicy(draft: Draft, hasNamespace: boolean): WrittenPolicy {
  const { namespace, name, about, podSelector, types, ingress = [], egress = [] } = draft;
  const rules = (field: 'ingress' | 'egress', written: readonly WrittenRule[]): JsonObject =>
    written.length === 0 ? {} : { [field]: written.map(({ raw }) => raw) };
  const raw: JsonObject = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, ...(hasNamespace ? { namespace } : {}), labels: { ...ownLabels } },
    spec: { podSelector, policyTypes: [...types], ...rules('ingress', ingress), ...rules('egress', egress) },
  };
  return { raw, namespace, name, about, ingress, egress };
}

/** A name that no policy of somebody else has. */
function freeName(inventory: Inventory, namespace: string, wanted: string, taken: ReadonlySet<string>): string {
  const isTaken = (name: string): boolean => {
    const known = inventory.find({ group: 'networking.k8s.io', kind: 'NetworkPolicy', namespace, name });
    return taken.has(name) || (known !== undefined && !isOurs(known));
  };
  return [wanted, `${wanted}-network`, `${wanted}-network-2`].find((name) => !isTaken(name)) ?? `${wanted}-network-3`;
}

export function isOurs({ raw }: KubeObject): boolean {
  const labels = asObject(asObject(raw['metadata'])['labels']);
  return Object.entries(ownLabels).every(([key, value]) => labels[key] === value);
}

function dnsRules(servers: readonly NameServer[], inventory: Inventory, namespace: string): WrittenRule[] {
  const from = allPods(namespace);
  // For whoever asks: each policy holds its own, so that workloads can be closed one after the other.
  const needs = servers.flatMap(({ peer, ports, why }) =>
    ports.flatMap((port) =>
      (['UDP', 'TCP'] as const).map((protocol): Need => {
        return { from, to: peer, protocol, port, isDeclared: true, isSeen: false, why: [why] };
      }),
    ),
  );
  return writeRules(needs, { inventory, namespace, direction: 'egress' });
}

export interface Ingredients {
  readonly inventory: Inventory;
  readonly held: readonly Workload[];
  readonly needs: readonly Need[];
  readonly servers: readonly NameServer[];
}

function needsOf({ needs }: Ingredients, workload: Workload): Record<'ingress' | 'egress', Need[]> {
  const key = keyOfPeer({ kind: 'workload', workload });
  return {
    ingress: needs.filter(({ to }) => keyOfPeer(to) === key),
    egress: needs.filter(({ from }) => keyOfPeer(from) === key),
  };
}

function workloadDraft(ingredients: Ingredients, workload: Workload): Omit<Draft, 'name'> {
  const { inventory, servers } = ingredients;
  const { namespace, kind, name } = workload.object;
  const own = needsOf(ingredients, workload);
  const [choice] = chooseSelectors([workload], workloadsIn(inventory, namespace));
  const towards = (direction: 'ingress' | 'egress'): WrittenRule[] =>
    writeRules(own[direction], { inventory, namespace, direction });
  const besides = choice?.alsoFinds.map(({ object }) => `${object.kind} ${object.name}`) ?? [];
  return {
    namespace,
    about: `what ${kind} ${name} may be called by, and may call${besides.length === 0 ? '' : `; its labels are those of ${besides.join(', ')} too`}`,
    podSelector: choice?.selector ?? {},
    types: ['Ingress', 'Egress'],
    ingress: towards('ingress'),
    egress: [...towards('egress'), ...dnsRules(servers, inventory, namespace)],
  };
}

/** Calls of whoever it may be: only where the user wants to keep what nobody is known to call. */
function looseDrafts({ inventory, needs }: Ingredients, namespace: string): Draft[] {
  const key = keyOfPeer(allPods(namespace));
  const loose = needs.filter(({ from }) => keyOfPeer(from) === key);
  if (loose.length === 0) return [];
  const egress = writeRules(loose, { inventory, namespace, direction: 'egress' });
  const about = 'every pod may call what nobody is known to call: look at the traffic, and do without this';
  return [{ namespace, podSelector: {}, name: callsNotKnown, about, types: ['Egress'], egress }];
}

function denyDraft(namespace: string): Draft {
  const about = 'nothing comes in or goes out that no other policy lets through';
  return { namespace, podSelector: {}, name: defaultDeny, about, types: ['Ingress', 'Egress'] };
}

function namespacePolicies(
  ingredients: Ingredients,
  namespace: string,
  workloads: readonly Workload[],
): WrittenPolicy[] {
  const hasNamespace = namesNamespace(workloads, namespace);
  const taken = new Set<string>();
  const take = (draft: Draft): WrittenPolicy => {
    const name = freeName(ingredients.inventory, namespace, draft.name, taken);
    taken.add(name);
    return toPolicy({ ...draft, name }, hasNamespace);
  };
  const byName = workloads.toSorted((a, b) => (a.object.name < b.object.name ? -1 : 1));
  const own = byName.flatMap((workload): WrittenPolicy[] => {
    const { name, kind } = workload.object;
    const isShared = workloads.some(({ object }) => object.name === name && object.kind !== kind);
    const wanted = isShared ? `${name}-${kind.toLowerCase()}` : name;
    const policy = take({ ...workloadDraft(ingredients, workload), name: wanted });
    return [policy, ...ciliumPolicy({ policy, ...needsOf(ingredients, workload), servers: ingredients.servers })];
  });
  // The one that closes the rest comes last, for who applies them in this order.
  return [...own, ...[...looseDrafts(ingredients, namespace), denyDraft(namespace)].map(take)];
}

/** Namespace by namespace, each in the order in which a reader wants them. */
export function assemblePolicies(ingredients: Ingredients): WrittenPolicy[] {
  const byNamespace = new Map<string, Workload[]>();
  for (const workload of ingredients.held) pushTo(byNamespace, workload.object.namespace, workload);
  return [...byNamespace]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([namespace, workloads]) => namespacePolicies(ingredients, namespace, workloads));
}
