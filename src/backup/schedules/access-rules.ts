// What a run of a schedule must be permitted: the requests that a backup of its selection makes, and nothing else. Pure.

import { type ApiResource, type Discovery, findResource } from '../../api/index.ts';
import type { JsonObject } from '../../model/index.ts';
import { groupResourceOf } from '../archive/entry-names.ts';
import { chooseResources, listableResources } from '../collect/choose-resources.ts';
import { isCustomGroup } from '../collect/related.ts';
import type { CompiledSelection } from '../collect/selection.ts';
import { endingRights, lookingRights, snapshotRights, type SnapshotRights } from '../snapshots/snapshot-rights.ts';
import { classResource, snapshotResource } from '../snapshots/snapshot-words.ts';

export interface AccessNeeds {
  readonly discovery: Discovery;
  /** With full names of resources. */
  readonly selection: CompiledSelection;
  /** Data of volumes are saved: a pod beside each. */
  readonly savesVolumes: boolean;
  /** Volumes are looked for, though no pod may be made for them yet. */
  readonly looksForVolumes: boolean;
  /** Hooks or dumps run commands in pods. */
  readonly runsCommands: boolean;
  /** Snapshots of volumes: taken, only looked for, or not wanted. */
  readonly snapshots: 'taken' | 'looked for' | 'none';
  /** What they hold goes into the store. */
  readonly movesData: boolean;
  /** Older backups go, and with them the snapshots that they hold. */
  readonly deletesBackups: boolean;
}

/** As in a Role of RBAC. */
export interface AccessRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

export interface Access {
  /** In each of these namespaces; empty where they are not known beforehand. */
  readonly namespaces: readonly string[];
  readonly inNamespaces: readonly AccessRule[];
  /** In the whole cluster. */
  readonly inCluster: readonly AccessRule[];
}

/** One resource, before it is put together with others. */
export interface Wish {
  readonly group: string;
  readonly resource: string;
  readonly verbs: readonly string[];
  readonly names?: readonly string[];
}

const verbOrder = ['get', 'list', 'watch', 'create', 'patch', 'delete', 'bind', 'escalate'];
const rbac = 'rbac.authorization.k8s.io';

function sortKey({ group, verbs }: { readonly group: string; readonly verbs: readonly string[] }): string {
  return `${group} ${verbs.length} ${verbs.join()}`;
}

/** One rule for the resources of a group that have the same verbs. */
export function toRules(wishes: readonly Wish[]): AccessRule[] {
  const verbs = new Map<string, Set<string>>();
  const keyOf = ({ group, resource, names = [] }: Wish): string => JSON.stringify([group, resource, names]);
  for (const wish of wishes) verbs.set(keyOf(wish), new Set([...(verbs.get(keyOf(wish)) ?? []), ...wish.verbs]));
  const rules = new Map<string, { group: string; names: readonly string[]; verbs: string[]; resources: string[] }>();
  for (const [key, found] of verbs) {
    const [group, resource, names] = JSON.parse(key) as [string, string, string[]];
    const sorted = verbOrder.filter((verb) => found.has(verb));
    const rule = JSON.stringify([group, names, sorted]);
    const known = rules.get(rule) ?? { group, names, verbs: sorted, resources: [] };
    known.resources.push(resource);
    rules.set(rule, known);
  }
  return [...rules.values()]
    .toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1))
    .map((rule) => ({
      apiGroups: [rule.group],
      resources: rule.resources.toSorted(),
      ...(rule.names.length === 0 ? {} : { resourceNames: [...rule.names] }),
      verbs: rule.verbs,
    }));
}

/** Lists, and afterwards a look at what changed meanwhile; objects of an order are asked for by name. */
function readingOf(resource: ApiResource, { order }: CompiledSelection): Wish {
  const { group, resource: plural, verbs } = resource;
  const isOrdered = [...order.keys()].some((name) => name === plural || name === groupResourceOf(resource));
  const needed = ['list', 'watch', ...(isOrdered ? ['get'] : [])];
  return { group, resource: plural, verbs: needed.filter((verb) => verbs.includes(verb)) };
}

function commands(): Wish[] {
  // A command is asked for by a web socket, which is a GET; newer API servers want the right to create as well.
  return [{ group: '', resource: 'pods/exec', verbs: ['get', 'create'] }];
}

/** The pod beside a volume, its Secret, and the policy that lets it out. */
export function helperRights(): Wish[] {
  return [
    { group: '', resource: 'pods', verbs: ['get', 'list', 'create', 'delete'] },
    { group: '', resource: 'secrets', verbs: ['create'] },
    { group: 'networking.k8s.io', resource: 'networkpolicies', verbs: ['list', 'create'] },
    ...commands(),
  ];
}

/** Nothing where the cluster takes none. */
function snapshots({ snapshots: wanted, movesData, deletesBackups, discovery }: AccessNeeds): SnapshotRights {
  const isServed = [snapshotResource, classResource].every((name) => findResource(discovery, name) !== undefined);
  if (wanted === 'none' || !isServed) return { inNamespaces: [], inCluster: [] };
  if (wanted === 'looked for') return { inNamespaces: [], inCluster: lookingRights };
  const { inNamespaces: within, inCluster: around } = snapshotRights({ movesData });
  return { inNamespaces: within, inCluster: deletesBackups ? [...around, ...endingRights] : around };
}

function inNamespaces(needs: AccessNeeds, taken: readonly ApiResource[]): Wish[] {
  const { selection, savesVolumes, looksForVolumes, runsCommands } = needs;
  const takesPods = taken.some(({ group, resource }) => group === '' && resource === 'pods');
  return [
    ...taken.filter(({ namespaced }) => namespaced).map((resource) => readingOf(resource, selection)),
    ...(takesPods && looksForVolumes ? [{ group: '', resource: 'persistentvolumeclaims', verbs: ['list'] }] : []),
    ...(takesPods && selection.picks ? [{ group: '', resource: 'persistentvolumeclaims', verbs: ['get'] }] : []),
    ...(runsCommands ? commands() : []),
    ...(savesVolumes ? helperRights() : []),
    ...snapshots(needs).inNamespaces,
  ];
}

/** What objects in namespaces pull in from the cluster: see `RelatedObjects`. */
function relatedTo(taken: readonly ApiResource[], { selection, discovery }: AccessNeeds): Wish[] {
  const names = new Set(taken.map(groupResourceOf));
  const permitted = new Set(listableResources(discovery).filter(selection.permits).map(groupResourceOf));
  const custom = taken.filter(({ group }) => isCustomGroup(group)).map(groupResourceOf);
  const wish = (group: string, resource: string, verb: string): Wish => ({ group, resource, verbs: [verb] });
  const definitions = { ...wish('apiextensions.k8s.io', 'customresourcedefinitions', 'get'), names: custom };
  const wishes: readonly Wish[] = [
    ...(names.has('persistentvolumeclaims') || (names.has('pods') && selection.picks)
      ? [wish('', 'persistentvolumes', 'get')]
      : []),
    ...(names.has('pods') ? [wish('scheduling.k8s.io', 'priorityclasses', 'get')] : []),
    ...(names.has('serviceaccounts') ? [wish(rbac, 'clusterrolebindings', 'list')] : []),
    ...(names.has('serviceaccounts') ? [wish(rbac, 'clusterroles', 'get')] : []),
    ...(custom.length > 0 ? [definitions] : []),
  ];
  return wishes.filter((each) => permitted.has(groupResourceOf(each)));
}

function inCluster(needs: AccessNeeds, taken: readonly ApiResource[]): Wish[] {
  const { selection, looksForVolumes } = needs;
  const { namedNamespaces } = selection;
  const bearers = ['pods', 'persistentvolumeclaims'];
  const takesVolumes = taken.some(({ group, resource }) => group === '' && bearers.includes(resource));
  return [
    namedNamespaces === undefined
      ? { group: '', resource: 'namespaces', verbs: needs.savesVolumes ? ['get', 'list'] : ['list'] }
      : { group: '', resource: 'namespaces', verbs: ['get'], names: namedNamespaces },
    ...taken.filter(({ namespaced }) => !namespaced).map((resource) => readingOf(resource, selection)),
    ...relatedTo(taken, needs),
    ...(takesVolumes && looksForVolumes ? [{ group: '', resource: 'persistentvolumes', verbs: ['list'] }] : []),
    ...snapshots(needs).inCluster,
  ];
}

/**
 * Resources are named one by one, never by `*`: that would take in subresources too, and whoever may get `pods/exec` may run commands. So kinds that the
 * cluster learns later are not permitted until the schedule is made again; a backup then says that it could not list them.
 */
export function accessOf(needs: AccessNeeds): Access {
  const taken = chooseResources(needs.discovery, needs.selection);
  const { namedNamespaces } = needs.selection;
  const within = inNamespaces(needs, taken);
  const around = inCluster(needs, taken);
  return namedNamespaces === undefined
    ? { namespaces: [], inNamespaces: [], inCluster: toRules([...around, ...within]) }
    : { namespaces: namedNamespaces, inNamespaces: toRules(within), inCluster: toRules(around) };
}

export function rulesAsJson(rules: readonly AccessRule[]): JsonObject[] {
  return rules.map(({ apiGroups, resources, resourceNames, verbs }) => ({
    apiGroups,
    resources,
    ...(resourceNames === undefined ? {} : { resourceNames }),
    verbs,
  }));
}
