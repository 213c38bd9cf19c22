// What plans brought into a cluster from files that do not say it any more: only what is ours for sure is removed, and nothing that holds data.

import { parseApiVersion } from '../../../kube/api-version.ts';
import { readManagers } from '../../../kube/live/managers.ts';
import { reconcilersOf } from '../../../kube/live/reconcilers.ts';
import {
  asObject,
  type JournalEntry,
  type JsonObject,
  type ObjectRef,
  type Plan,
  type PlanStep,
} from '../../../model/index.ts';
import { fieldManager, readLive, refOf } from '../../../targets/index.ts';
import type { StoredPlan } from '../plan-store.ts';
import type { ConnectedCluster } from './open-site.ts';
import { orderChanges } from './order-changes.ts';
import type { PlannedChanges } from './plan-changes.ts';
import { planRemovals } from './plan-removals.ts';
import { nameOf, type RefusedStep } from './refusals.ts';

export interface PruneWish {
  /** Plans that were applied before. */
  readonly stored: readonly StoredPlan[];
  /** Where the objects of this plan come from: files and folders, from the root of the records. */
  readonly files: readonly string[];
}

/** An object that a plan has made, as the server called it then. */
interface Brought {
  readonly object: ObjectRef;
  readonly uid: string;
}

function isWithin(file: string, folders: readonly string[]): boolean {
  return folders.some((folder) =>
    folder === '' ? !file.startsWith('../') : file === folder || file.startsWith(`${folder}/`),
  );
}

/** All that the plan is made of is looked at again: what is not among it now is in no file of those. */
function isOfSameFiles({ declaredIn }: Plan, files: readonly string[]): boolean {
  return declaredIn !== undefined && declaredIn.every((each) => isWithin(each, files));
}

/** The object that an undo has made again. */
function madeAgain({ state, inverse, left }: JournalEntry): Brought | undefined {
  if (state !== 'undone' || inverse.kind !== 'create' || left?.kind !== 'object') return undefined;
  return left.uid === undefined ? undefined : { object: left.object, uid: left.uid };
}

/** Uids of objects that an undo has made again, by those that they had when a plan deleted them. */
function findMadeAgain(stored: readonly StoredPlan[]): ReadonlyMap<string, string> {
  const pairs = stored.flatMap(({ plan: { inputs }, journal }) =>
    journal.entries.flatMap((entry): [string, string][] => {
      const again = madeAgain(entry);
      if (again === undefined) return [];
      const key = keyOf(again.object);
      const deleted = inputs.find((each) => each.kind === 'object' && keyOf(each.object) === key);
      return deleted?.kind === 'object' && deleted.uid !== undefined ? [[deleted.uid, again.uid]] : [];
    }),
  );
  return new Map(pairs);
}

/** The uid that an object has by now, however often it was deleted and made again. */
function presentUid(uid: string, again: ReadonlyMap<string, string>): string {
  const next = again.get(uid);
  return next === undefined ? uid : presentUid(next, again);
}

/** Objects that plans of the same files have made in the cluster, and that nobody has taken back. Pure. */
function findBrought({ stored, files }: PruneWish, server: string): Brought[] {
  const ofServer = stored.filter(({ plan: { target } }) => target.kind === 'cluster' && target.server === server);
  const again = findMadeAgain(ofServer);
  return ofServer.flatMap(({ plan, journal }) => {
    if (!isOfSameFiles(plan, files)) return [];
    return journal.entries.flatMap(({ step, state, left }): Brought[] => {
      const action = plan.steps.find(({ id }) => id === step)?.action;
      if (state !== 'done' || action?.kind !== 'create' || left?.kind !== 'object' || left.uid === undefined) return [];
      return [{ object: left.object, uid: presentUid(left.uid, again) }];
    });
  });
}

function keyOf({ apiVersion, kind, namespace, name }: ObjectRef): string {
  return [parseApiVersion(apiVersion).group, kind, namespace, name].join('/');
}

const holdData = ['Namespace', 'PersistentVolume', 'PersistentVolumeClaim', 'CustomResourceDefinition'];

/** Who else wants the object: another one that declares it, or that has made it its own. */
function ownerOf(live: JsonObject): string | undefined {
  const [keeper] = reconcilersOf(live);
  if (keeper !== undefined) return keeper.who;
  const other = readManagers(live).find(
    ({ name, operation, subresource }) => operation === 'Apply' && subresource === '' && name !== fieldManager,
  );
  return other?.name;
}

/** Why it stays, though no file says it any more. */
function reasonToStay(live: JsonObject, namespaces: ReadonlySet<string>): string | undefined {
  const { kind, namespace } = refOf(live);
  if (holdData.includes(kind)) return 'what is in it would go with it: delete it by hand when that is no longer needed';
  if (namespace !== '' && !namespaces.has(namespace))
    return `the files say nothing of the namespace ${namespace} any more: delete it by hand if that is meant`;
  const owner = ownerOf(live);
  return owner === undefined ? undefined : `${owner} wants it by now`;
}

function stay(live: JsonObject, kind: RefusedStep['kind'], message: string): RefusedStep {
  const object = refOf(live);
  return { object, title: `Delete ${nameOf(object)}`, owner: 'developer', closes: [], conflicts: [], kind, message };
}

/** Those that are still there, each once, and the same that were made then. */
async function readBrought(cluster: ConnectedCluster, brought: readonly Brought[]): Promise<JsonObject[]> {
  const found = new Map<string, JsonObject>();
  for (const { object, uid } of brought) {
    const live = await readLive(cluster, object).catch(() => undefined);
    if (live !== undefined && asObject(live['metadata'])['uid'] === uid) found.set(keyOf(object), live);
  }
  return [...found.values()];
}

/** What restricts goes first, then what runs, then what that needs: the other way round than it came. */
function inOrder(objects: readonly JsonObject[]): JsonObject[] {
  return orderChanges(objects.map((object) => ({ object, isNew: true })))
    .map(({ object }) => object)
    .toReversed();
}

function joined(changes: PlannedChanges, steps: readonly PlanStep[]): PlanStep[] {
  const before = changes.steps.map(({ id }) => id);
  return [...changes.steps, ...steps.map((step) => ({ ...step, after: before }))];
}

/** The changes, and after them the removal of what earlier plans of the same files have made and they do not say any more. */
export async function withPruned(
  changes: PlannedChanges,
  wanted: readonly ObjectRef[],
  wish: PruneWish,
  cluster: ConnectedCluster,
): Promise<PlannedChanges> {
  const now = new Set(wanted.map(keyOf));
  const gone = findBrought(wish, cluster.server).filter(({ object }) => !now.has(keyOf(object)));
  const live = inOrder(await readBrought(cluster, gone));
  const namespaces = new Set(wanted.map(({ namespace }) => namespace));
  const isLacking = changes.refused.length > 0;
  const staying = live.flatMap((object) => {
    const reason = reasonToStay(object, namespaces);
    if (reason !== undefined) return [stay(object, 'kept', reason)];
    return isLacking ? [stay(object, 'after', 'it goes only where all that the files want is in the plan')] : [];
  });
  const kept = new Set(staying.map(({ object }) => keyOf(object)));
  const doomed = live.filter((object) => !kept.has(keyOf(refOf(object))));
  const removed = await planRemovals(cluster, doomed, 'an earlier plan made it, and the files do not say it any more');
  return {
    ...changes,
    steps: joined(changes, removed.steps),
    inputs: [...changes.inputs, ...removed.inputs],
    previews: [...changes.previews, ...removed.previews],
    refused: [...changes.refused, ...staying, ...removed.refused],
  };
}
