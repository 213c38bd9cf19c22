// The use case of a restore: what would be restored is shown first, then it is, and a record of it stays in the store.

import { type ApiClient, createClient, type Discovery, discover, findResource, systemClock } from '../../api/index.ts';
import {
  type Absent,
  compileSelection,
  type FillVolumes,
  fillVolumes,
  filterRestore,
  placeOnNodes,
  findAbsent,
  openContents,
  type OpenedContents,
  type OpenedBackup,
  openStore,
  planRestoreHooks,
  type PodExec,
  readyModifiers,
  readHostPaths,
  readRecords,
  readSnapshotClaims,
  recordRestore,
  restoreBackup,
  type RestoreContext,
  type RestoreHookSpec,
  type RestoreReport,
  type RestoreWish,
  type Selection,
  selectionOfBackup,
  type Store,
  titleOfAbsent,
} from '../../backup/index.ts';
import { parseKubernetesVersion } from '../../kube/versions.ts';
import { asArray, asObject, asString, UserError } from '../../model/index.ts';
import { imagesAsker } from './ask-images.ts';
import { type ChosenObjects, chooseRestored, type ObjectChoice } from './choose-restored.ts';
import { findMissingRelated } from './missing-related.ts';
import { type ClusterWish, connectCluster } from '../cluster/open-cluster.ts';
import type { Outside } from '../outside.ts';
import { type MovingWish, openMoving, type VolumePlan } from '../backups/volumes.ts';
import { type OpeningFiles, readOpening } from '../backups/read-key-file.ts';
import { requireNamespaces } from './restore-namespaces.ts';
import { type PolicySource, readPolicies, resourceFinder } from '../backups/resource-policies.ts';
import {
  type BackupChoice,
  chooseBackup,
  type ModifierSource,
  readModifierRules,
  readPluginMaps,
} from './restore-inputs.ts';

export interface RestoreOrder extends OpeningFiles {
  readonly cluster: ClusterWish;
  readonly store: string;
  readonly backup: BackupChoice;
  /** Left out: the backup's, with the time. */
  readonly name?: string | undefined;
  readonly selection: Selection;
  /** Only these objects; left out, all that the selection takes. */
  readonly objects?: ObjectChoice | undefined;
  readonly namespaceMappings: ReadonlyMap<string, string>;
  readonly existing: RestoreWish['existing'];
  readonly preserveNodePorts: boolean;
  readonly storageClasses: ReadonlyMap<string, string>;
  readonly images: RestoreWish['images'];
  readonly statusResources: readonly string[];
  readonly statusExcluded: readonly string[];
  readonly modifiers?: ModifierSource | undefined;
  /** Resource policies that filter what is restored. */
  readonly policies?: PolicySource | undefined;
  /** The namespace with the ConfigMaps of Velero's plug-ins, where their maps are wanted. */
  readonly pluginMaps?: string | undefined;
  /** Left out: no hook is run. */
  readonly hooks?: readonly RestoreHookSpec[] | undefined;
  readonly prune: boolean;
  /** Of a dry run: registries are asked for images that no node has. */
  readonly checkImages: boolean;
  readonly dryRun: boolean;
  /** How the data of volumes come back; left out, they do not. */
  readonly moving?: MovingWish;
  /** Directories of nodes come back too, where they are empty. */
  readonly hostPaths?: boolean;
}

export interface RestorePreview {
  /** Volumes whose data come back, and how. */
  readonly volumes: VolumePlan['volumes'];
  readonly volumeImage: string;
  /** Claims that are filled from snapshots: `namespace/name` as saved. */
  readonly snapshots: readonly string[];
  readonly backup: string;
  readonly store: string;
  /** Address of the API server that it goes to. */
  readonly server: string;
  readonly context: string;
  readonly started: string;
  readonly items: number;
  /** `configmaps shop/settings`: where single objects were named, those that come back. */
  readonly chosen: readonly string[];
  /** What is to be known of it, in words. */
  readonly remarks: readonly string[];
  /** `deployments.apps shop/web`: what goes when all else is back. */
  readonly prune: readonly string[];
  /** Commands that run in pods. */
  readonly hooks: readonly PodExec[];
  /** How many rules change objects on their way. */
  readonly modifiers: number;
  readonly storageClasses: ReadonlyMap<string, string>;
  readonly images: RestoreWish['images'];
}

/** Restored objects name their resource in full; a filter may be short. */
function resolve(names: readonly string[], discovery: Discovery): readonly string[] {
  return names.map((name) => {
    const found = findResource(discovery, name);
    if (found === undefined) return name;
    return found.group === '' ? found.resource : `${found.resource}.${found.group}`;
  });
}

/** Of the cluster, a restore of some namespaces takes only the volumes of their claims, unless it is told. Source: Velero 1.18. */
function takesResource(selection: Selection, discovery: Discovery): (groupResource: string) => boolean {
  const included = resolve(selection.includedResources ?? [], discovery);
  const excluded = new Set(resolve(selection.excludedResources ?? [], discovery));
  const takesAll = included.length === 0 || included.includes('*');
  return (name) => !excluded.has(name) && (takesAll || included.includes(name));
}

async function minorOf(client: ApiClient): Promise<number> {
  const { gitVersion } = await client.request({ path: '/version' });
  return parseKubernetesVersion(asString(gitVersion) ?? '')?.minor ?? 0;
}

interface Asking {
  readonly order: RestoreOrder;
  readonly client: ApiClient;
  readonly discovery: Discovery;
}

async function readMaps({ order, client }: Asking): Promise<Pick<RestoreWish, 'storageClasses' | 'images'>> {
  const { pluginMaps, storageClasses, images } = order;
  if (pluginMaps === undefined) return { storageClasses, images };
  const found = await readPluginMaps(client, pluginMaps);
  // What the line says goes first.
  return {
    storageClasses: new Map([...found.storageClasses, ...storageClasses]),
    images: [...images, ...found.images],
  };
}

/** With filters of policies, which for Velero's restores are all that policies may say. Throws `UserError`. */
async function filterRestored(selection: Selection, { order, client, discovery }: Asking): Promise<Selection> {
  const policies = await readPolicies(client, order.policies);
  return policies === undefined ? selection : filterRestore(selection, policies, resourceFinder(discovery));
}

async function toWish(asking: Asking, backup: string, name: string): Promise<RestoreWish> {
  const { order, client, discovery } = asking;
  const { selection, cluster, existing, preserveNodePorts, namespaceMappings, dryRun, hooks } = order;
  const { takesNamespace, takesAllNamespaces, rulesOf, remarks } = compileSelection({
    ...(await filterRestored(selection, asking)),
    includedResources: [],
    excludedResources: [],
  });
  const rules = await readModifierRules(client, order.modifiers);
  return {
    existing,
    preserveNodePorts,
    namespaceMappings,
    dryRun,
    ...(await readMaps(asking)),
    statusResources: resolve(order.statusResources, discovery),
    statusExcluded: resolve(order.statusExcluded, discovery),
    modifiers: await readyModifiers(rules, () => minorOf(client)),
    ...(hooks === undefined ? {} : { hooks }),
    remarks,
    fillsFromSnapshots: order.moving !== undefined,
    backup,
    name,
    concurrency: cluster.concurrency,
    selection: {
      takesNamespace,
      rulesOf,
      takesResource: takesResource(selection, discovery),
      takesAllNamespaces,
      includeClusterResources: selection.includeClusterResources,
    },
  };
}

function requireWhole(name: string): UserError {
  return new UserError(
    'invalid-option',
    `the backup "${name}" is not whole: what is missing in it may only have failed to be saved`,
    'Leave --prune out, or use a backup that was completed.',
  );
}

function requireFilters(name: string): UserError {
  return new UserError(
    'invalid-option',
    `the backup "${name}" was made by resource policies that are not in it: what is missing in it may never have been looked at`,
    'Leave --prune out, or use a backup that was made by nowwhat.',
  );
}

/** What the backup never took is not missing in it. */
async function planPrune(
  { order, discovery }: Asking,
  { object, summary }: OpenedBackup,
  { wish, context }: { readonly wish: RestoreWish; readonly context: RestoreContext },
): Promise<readonly Absent[]> {
  if (!order.prune) return [];
  if (summary.phase !== 'Completed') throw requireWhole(summary.name);
  const { resourcePolicy } = asObject(object['spec']);
  if (summary.madeBy === 'velero' && asString(asObject(resourcePolicy)['name']) !== undefined)
    throw requireFilters(summary.name);
  const saved = selectionOfBackup(object);
  const scoped = {
    includedResources: [...(saved.includedResources ?? []), ...(saved.includedNamespaceScopedResources ?? [])],
    excludedResources: [...(saved.excludedResources ?? []), ...(saved.excludedNamespaceScopedResources ?? [])],
  };
  const { rulesOf } = compileSelection({ ...saved, includedResources: [], excludedResources: [] });
  return await findAbsent(wish, context, { takesResource: takesResource(scoped, discovery), rulesOf });
}

interface Telling {
  /** Hears how to tidy up where the program is ended in the middle. */
  readonly onTidy: (tidy: () => Promise<void>) => void;
  readonly now: () => number;
  /** Shows what is about to happen; throws where nobody agrees. Not asked for a dry run. */
  readonly agree: (preview: RestorePreview) => Promise<void>;
}

function requireRestorable({ summary }: OpenedBackup): void {
  if (summary.phase === 'Completed' || summary.phase === 'PartiallyFailed') return;
  throw new UserError(
    'invalid-backup',
    `the backup "${summary.name}" is ${summary.phase}`,
    'Use one that was completed.',
  );
}

interface Restoring extends Asking, Telling {
  readonly store: Store;
  readonly outside: Outside;
  /** Hears what is to be closed at the end. */
  readonly onClose: (close: () => Promise<void>) => void;
}

async function readNodes(client: ApiClient): Promise<readonly string[]> {
  const { items } = await client.request({ path: '/api/v1/nodes' });
  return asArray(items).map((node) => asString(asObject(asObject(node)['metadata'])['name']) ?? '');
}

async function readFilled(
  { order, store }: Restoring,
  backup: OpenedBackup,
  objects: ChosenObjects | undefined,
): Promise<readonly string[]> {
  if (order.moving === undefined) return [];
  const { takesNamespace } = compileSelection(order.selection);
  const claims = await readSnapshotClaims(store, backup);
  return claims
    .filter(({ namespace, claim }) => takesNamespace(namespace) && (objects?.hasClaim(namespace, claim) ?? true))
    .map(({ namespace, claim }) => `${namespace}/${claim}`);
}

/** Nothing where the data of volumes are not wanted, or the backup holds none. */
async function prepareVolumes(
  { order, store, client, outside, onTidy, onClose }: Restoring,
  backup: OpenedBackup,
  contents: OpenedContents,
  objects: ChosenObjects | undefined,
) {
  const none = { volumes: [], volumeImage: '', seam: {} };
  if (order.moving === undefined) return none;
  const { records: inClaims, pods } = await readRecords(store, backup, contents);
  const { takesNamespace } = compileSelection(order.selection);
  const onNodes = (await readHostPaths(store, backup, contents.seal)).filter(({ namespace }) =>
    takesNamespace(namespace),
  );
  const isWanted = ({ namespace, claim }: (typeof inClaims)[number]): boolean =>
    objects === undefined || (claim !== undefined && objects.hasClaim(namespace, claim));
  const records = [...inClaims, ...onNodes].filter(isWanted);
  const planned = records.flatMap(({ namespace, pod, name, claim, hostPath, node, trouble }): VolumePlan['volumes'] => {
    if (trouble !== undefined) return [];
    if (claim !== undefined) return [{ namespace, pod, name, claim }];
    return hostPath === undefined || order.hostPaths !== true ? [] : [{ namespace, pod, name, hostPath, node }];
  });
  if (records.length === 0) return none;
  const placeDirectory = order.hostPaths === true ? placeOnNodes(await readNodes(client)) : undefined;
  const moving = await openMoving(store, client, order.moving, outside.progress);
  onTidy(moving.tidy);
  onClose(moving.close);
  const fill: FillVolumes = (restored) => fillVolumes({ ...moving.moving, records, pods, placeDirectory }, restored);
  return { volumes: planned, volumeImage: order.moving.image, seam: { fillVolumes: fill } };
}

function destinationOf({ order, client }: Asking) {
  const { context, server } = client.connection;
  return { context, server, namespaceMappings: order.namespaceMappings };
}

type Named = ChosenObjects & { readonly remarks: readonly string[] };

/** Nothing where no single objects were named. Throws `UserError`. */
async function chooseIn({ order, client, discovery }: Asking, contents: OpenedContents): Promise<Named | undefined> {
  const { objects, selection, namespaceMappings } = order;
  if (objects === undefined) return undefined;
  const chosen = await chooseRestored(contents, objects, compileSelection(selection).takesNamespace);
  return { ...chosen, remarks: await findMissingRelated(client, discovery, chosen.left, namespaceMappings) };
}

function withObjects(wish: RestoreWish, objects: Named | undefined): RestoreWish {
  if (objects === undefined) return wish;
  return { ...wish, chosen: objects.chosen, remarks: [...(wish.remarks ?? []), ...objects.remarks] };
}

async function restoreFrom(
  restoring: Restoring,
  backup: OpenedBackup,
  contents: OpenedContents,
): Promise<RestoreReport> {
  const { order, store, client, discovery, now, agree, outside } = restoring;
  const { progress } = outside;
  const name = order.name ?? `${backup.name}-${new Date(now()).toISOString().replace(/\D/g, '').slice(0, 14)}`;
  const objects = await chooseIn(restoring, contents);
  const wish = withObjects(await toWish(restoring, backup.name, name), objects);
  const { sleep } = systemClock;
  const { seam, ...volumes } = await prepareVolumes(restoring, backup, contents, objects);
  const snapshots = await readFilled(restoring, backup, objects);
  const claimsWithData = new Set(
    volumes.volumes.flatMap(({ namespace, claim }) => (claim === undefined ? [] : [`${namespace}/${claim}`])),
  );
  const askImages = order.checkImages ? { askImages: imagesAsker(outside) } : {};
  const context: RestoreContext = { client, contents, discovery, sleep, now, progress, ...askImages, ...seam };
  const prune = await planPrune(restoring, backup, { wish, context });
  if (!order.dryRun) {
    const { started, items } = backup.summary;
    const { server, context: title } = client.connection;
    const { storageClasses, images, modifiers } = wish;
    await agree({
      backup: backup.name,
      ...volumes,
      snapshots,
      store: store.place,
      server,
      context: title,
      started,
      items,
      chosen: objects?.names ?? [],
      remarks: wish.remarks ?? [],
      storageClasses,
      images,
      modifiers: modifiers?.rules.length ?? 0,
      prune: prune.map(titleOfAbsent),
      hooks: await planRestoreHooks(wish, contents),
    });
  }
  const report = await restoreBackup({ ...wish, prune, claimsWithData }, context);
  if (!order.dryRun) await recordRestore(store, report, destinationOf(restoring));
  return report;
}

/** Throws `UserError`; what could not be restored is in the report. */
export async function makeRestore(order: RestoreOrder, outside: Outside, telling: Telling): Promise<RestoreReport> {
  const store = await openStore(order.store);
  const connection = await connectCluster(order.cluster, outside);
  const client = createClient(connection, { concurrency: order.cluster.concurrency });
  const closing: (() => Promise<void>)[] = [() => client.close()];
  const { progress } = outside;
  try {
    const backup = await chooseBackup(store, order.backup);
    requireRestorable(backup);
    progress(`fetching ${backup.name}`);
    // Meanwhile: it takes as long as a small backup. Met below; until then a cluster that is away would end the process.
    const discovering = discover(client);
    discovering.catch(() => undefined);
    const contents = await openContents(store, backup, await readOpening(order));
    closing.push(() => contents.close());
    const { selection, namespaceMappings } = order;
    requireNamespaces(backup.name, contents, { ...selection, namespaceMappings });
    const discovery = await discovering;
    const onClose = (close: () => Promise<void>): void => void closing.push(close);
    return await restoreFrom({ ...telling, order, store, client, discovery, outside, onClose }, backup, contents);
  } finally {
    for (const close of closing) await close();
    store.close();
  }
}
