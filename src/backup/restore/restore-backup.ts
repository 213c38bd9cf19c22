// Restores a backup: stages side by side where they need nothing of each other, and within a stage a bounded number of objects at once.

import { type Discovery, discover, getObject } from '../../api/index.ts';
import { asArray, asObject, asString, type JsonObject } from '../../model/index.ts';
import { type EntryPlace, groupResourceOf } from '../archive/entry-names.ts';
import type { RestoredVolume } from '../volumes/volume-data.ts';
import { exactPatch } from './compare-live.ts';
import { itemOfAbsent, removeAbsent } from './find-absent.ts';
import { type Found, findThere, type Group, groupItems } from './find-there.ts';
import { FilledClaims } from './filled-claims.ts';
import { findRestoreExecs, type PodExec } from './hooks/find-restore-hooks.ts';
import { type RestoreHookResult, runRestoreHooks } from './hooks/run-restore-hooks.ts';
import { Ledger, type Noted } from './ledger.ts';
import type { PreflightFinding } from './preflight/finding.ts';
import { absentImages } from './preflight/images.ts';
import { judgeNeeds } from './preflight/judge-needs.ts';
import { Needs } from './preflight/needs.ts';
import { readSurroundings } from './preflight/surroundings.ts';
import { type PlannedItem, readPlan, type RestorePlan } from './read-plan.ts';
import { ReadyItems } from './ready-items.ts';
import type { RestoreContext, RestoreReport, RestoreWish, Visit, Visited } from './restore-wish.ts';
import { runStages, type StageRun } from './run-stages.ts';
import { needsOf, type StageName, stageNames } from './stages.ts';
import { isPulled, isTaken } from './taking.ts';
import { makeNamespace, readNamespaces } from './target-namespaces.ts';
import { isUnfinished, writeObject } from './write-object.ts';

/** One pass over a backup. */
interface Pass {
  readonly visit: Visit;
  /** New identities that an earlier pass has found. */
  readonly newUids: ReadonlyMap<string, string>;
}

/** A pass that looks at each object by itself is told of all of them, also of those that are as they were saved. */
type FullPass = Pass & { readonly visitsAll: boolean };

class Restoring {
  volumes: readonly RestoredVolume[] = [];
  hooks: readonly RestoreHookResult[] = [];
  readonly ledger: Ledger;
  private readonly execs: PodExec[] = [];
  preflight: readonly PreflightFinding[] = [];
  private readonly needs = new Needs();
  private discovery: Discovery = { resources: [], failures: [] };
  private plan: RestorePlan | undefined;
  /** Namespaces that were there when the restore began. */
  private thereBefore: ReadonlySet<string> = new Set();
  /** Items that a list has shown. */
  private readonly seen = new Set<PlannedItem>();
  private readonly ready: ReadyItems;
  private filled: FilledClaims | undefined;
  private readonly wish: RestoreWish;
  private readonly context: RestoreContext;
  private readonly pass: FullPass;

  constructor(wish: RestoreWish, context: RestoreContext, pass: FullPass) {
    this.wish = wish;
    this.context = context;
    this.pass = pass;
    const tell = (done: number): void => context.progress(`${done} of ${this.plan?.total ?? '?'} objects`);
    this.ledger = new Ledger(pass.newUids, (name) => this.mapNamespace(name), tell);
    this.ready = new ReadyItems({
      wish,
      contents: context.contents,
      ledger: this.ledger,
      hasAccount: (account) => this.plan?.accounts.has(account) ?? false,
      discovery: () => this.discovery,
      snapshots: () => this.filled?.restoring,
    });
  }

  async run(): Promise<void> {
    const { client, contents, discovery } = this.context;
    for (const remark of this.wish.remarks ?? []) this.ledger.warn(remark);
    this.discovery = discovery ?? (await discover(client));
    const plan = await readPlan(contents, {
      takes: (place, object) => isTaken(this.wish, place, object),
      pulls: (place) => isPulled(this.wish, place),
      snapshots: this.wish.fillsFromSnapshots === true,
    });
    this.plan = plan;
    this.filled = await FilledClaims.read(this.wish, this.context, plan.snapshotClaims);
    const targets = [...plan.namespaces, ...plan.namespaceObjects].map((name) => this.mapNamespace(name));
    this.thereBefore = await readNamespaces(this.context, targets, !this.wish.dryRun);
    await runStages(this.stages(plan), {
      concurrency: this.wish.concurrency,
      keyOf: ({ uid }) => uid,
      waitsFor: ({ owners }) => owners.filter((uid) => !this.ledger.newUids.has(uid)),
      run: (item) => this.restore(item),
    });
    await this.lookAhead(plan);
    await this.prune();
    this.hooks = await runRestoreHooks(this.context, this.execs);
    await this.endFilling();
  }

  private async endFilling(): Promise<void> {
    if (this.filled === undefined || this.pass.visitsAll) return;
    this.volumes = [...this.volumes, ...this.filled.volumes(this.ledger)];
    await this.filled.release(this.ledger);
  }

  /** What is missing here may be what somebody needs in place of what could not be restored: then nothing goes. */
  private async prune(): Promise<void> {
    const { prune = [], dryRun } = this.wish;
    if (prune.length > 0 && this.ledger.counts.failed > 0)
      return this.ledger.warn(`${prune.length} objects that are not in the backup were left: not all was restored`);
    for (const absent of prune) {
      const outcome = dryRun ? { result: 'pruned' as const } : await removeAbsent(this.context.client, absent);
      this.ledger.add({ ...itemOfAbsent(absent), ...outcome });
    }
  }

  private mapNamespace(namespace: string): string {
    return this.wish.namespaceMappings.get(namespace) ?? namespace;
  }

  /** Those with nothing in them hold up nobody; namespaces and data are made also where the backup has no object for them. */
  private stages(plan: RestorePlan): StageRun<PlannedItem>[] {
    const isRun = (name: StageName): boolean => plan.stages.has(name) || name === 'namespaces' || name === 'data';
    return stageNames.filter(isRun).map((name) => ({
      name,
      needs: needsOf(name),
      isLast: name === 'quotas' || name === 'hooks',
      begin: () => this.begin(name, plan.stages.get(name) ?? []),
      end: () => this.end(name, plan),
    }));
  }

  private async begin(name: StageName, items: readonly PlannedItem[]): Promise<readonly PlannedItem[]> {
    if (name === 'data') await this.fillVolumes();
    if (this.pass.visitsAll) return items;
    const settled = new Set<PlannedItem>();
    const groups = groupItems(items, (namespace) => this.mapNamespace(namespace)).filter(
      ({ namespace }) => namespace === '' || this.thereBefore.has(namespace),
    );
    await Promise.all(groups.map((group) => this.meetThere(group, settled)));
    return settled.size === 0 ? items : items.filter((item) => !settled.has(item));
  }

  private async end(name: StageName, plan: RestorePlan): Promise<void> {
    if (name === 'definitions') await this.learnDefinitions();
    if (name === 'namespaces') await this.makeNamespaces(plan);
  }

  /** What is as it was saved is settled by the list that shows it. */
  private async meetThere(group: Group, settled: Set<PlannedItem>): Promise<void> {
    const [first] = group.items;
    const sample = first && (await this.ready.read(first));
    if (sample === undefined || !('visited' in sample)) return;
    for await (const found of findThere(this.context.client, sample.visited.resource, group)) {
      this.seen.add(found.item);
      if (await this.isSettled(found)) settled.add(found.item);
    }
  }

  private async isSettled({ item, live }: Found): Promise<boolean> {
    const isEarly = item.owners.some((uid) => !this.ledger.newUids.has(uid));
    if (isEarly) return false;
    const ready = await this.ready.read(item);
    if (!('visited' in ready) || ready.visited.isOnlyAsked) return false;
    const { visited, saved } = ready;
    if (exactPatch(visited.prepareLive(live), visited.object) !== undefined) return false;
    if (isUnfinished(live, visited.object)) return false;
    const uid = asString(asObject(live['metadata'])['uid']) ?? '';
    this.ledger.note(item.entry.place, saved, { result: 'unchanged', uid }, item.uid);
    this.seen.delete(item);
    return true;
  }

  private async restore(item: PlannedItem): Promise<void> {
    const { place } = item.entry;
    const ready = await this.ready.read(item);
    const { saved } = ready;
    const isThere = this.seen.delete(item);
    const untried = this.whyUntried(place);
    if (!('visited' in ready))
      return this.ledger.note(place, saved, untried !== undefined && ready.result === 'failed' ? untried : ready);
    this.ready.warnOfLostOwners(item, saved);
    const outcome = untried ?? (await this.pass.visit({ ...ready.visited, isThere }));
    this.ledger.note(place, saved, outcome, item.uid);
    this.remember(ready.visited, saved, outcome);
  }

  /** What comes after all objects: hooks of what was made, and of a dry run the needs of what would be. */
  private remember(visited: Visited, saved: JsonObject, { result }: Noted): void {
    const isMade = result === 'created' || result === 'recreated';
    if (this.wish.dryRun && (isMade || result === 'failed')) this.needs.add(visited, saved);
    if (this.wish.dryRun || !isMade || visited.place.groupResource !== 'pods') return;
    this.execs.push(...findRestoreExecs(saved, this.mapNamespace(visited.place.namespace), this.wish.hooks));
  }

  /** Of a dry run: an API server takes nothing into what it does not have yet. */
  private whyUntried({ groupResource, namespace }: EntryPlace): Noted | undefined {
    if (!this.wish.dryRun) return undefined;
    if (this.plan?.definitions.has(groupResource) === true && !this.isServed(groupResource))
      return { result: 'created', message: 'its definition is new: not tried' };
    const isNew = namespace !== '' && !this.thereBefore.has(this.mapNamespace(namespace));
    return isNew ? { result: 'created', message: 'its namespace is new: not tried' } : undefined;
  }

  private isServed(groupResource: string): boolean {
    return this.discovery.resources.some((each) => groupResourceOf(each) === groupResource);
  }

  /** What the API server does not say of one object after the other. */
  private async lookAhead(plan: RestorePlan): Promise<void> {
    if (!this.wish.dryRun || this.pass.visitsAll) return;
    const targets = [...plan.namespaces].map((name) => this.mapNamespace(name));
    const there = targets.filter((name) => this.thereBefore.has(name));
    const surroundings = await readSurroundings(this.context.client, this.discovery, there);
    const images = absentImages(this.needs, surroundings).flatMap(({ image, isNeverPulled }) =>
      isNeverPulled ? [] : [image],
    );
    const answers = await this.context.askImages?.(images);
    this.preflight = judgeNeeds(this.needs, surroundings, answers);
  }

  /** Claims are there, and nothing runs that uses them. */
  private async fillVolumes(): Promise<void> {
    const claims = this.ledger.items.flatMap(({ groupResource, namespace, name, result }) => {
      if (groupResource !== 'persistentvolumeclaims' || result === 'failed' || result === 'skipped') return [];
      const isMade = result === 'created' || result === 'recreated';
      return [[`${namespace}/${name}`, isMade ? 'made' : 'there'] as const];
    });
    const mapNamespace = (name: string): string => this.mapNamespace(name);
    const { dryRun } = this.wish;
    this.volumes = (await this.context.fillVolumes?.({ mapNamespace, claims: new Map(claims), dryRun })) ?? [];
  }

  /** Definitions are of use only once the API server serves them. */
  private async learnDefinitions(): Promise<void> {
    const made = this.ledger.items.filter(
      ({ groupResource, result }) =>
        groupResource === 'customresourcedefinitions.apiextensions.k8s.io' &&
        (result === 'created' || result === 'recreated' || result === 'updated'),
    );
    if (made.length === 0 || this.wish.dryRun) return;
    await Promise.all(made.map(({ name }) => this.waitEstablished(name)));
    this.discovery = await discover(this.context.client);
  }

  private async waitEstablished(name: string): Promise<void> {
    const resource = { group: 'apiextensions.k8s.io', version: 'v1', resource: 'customresourcedefinitions' };
    for (let tries = 0; tries < 120; tries += 1) {
      const { status } = await getObject(this.context.client, resource, { name });
      const conditions = asArray(asObject(status)['conditions']).map(asObject);
      if (conditions.some(({ type, status: value }) => type === 'Established' && value === 'True')) return;
      await this.context.sleep(250);
    }
    this.ledger.warn(`the definition ${name} was not served within 30 seconds`);
  }

  /** Namespaces that only the objects in them name. */
  private async makeNamespaces({ namespaces, namespaceObjects }: RestorePlan): Promise<void> {
    if (this.wish.dryRun) return;
    const missing = [...namespaces].filter((old) => !namespaceObjects.has(old)).map((old) => this.mapNamespace(old));
    const absent = new Set(missing.filter((name) => !this.thereBefore.has(name)));
    await Promise.all([...absent].map((name) => makeNamespace(this.context, name)));
  }
}

/** Each object is made, or found to be there. */
function writing({ existing, dryRun }: RestoreWish, { client, sleep }: RestoreContext): Visit {
  return ({ isOnlyAsked, ...wish }: Visited) =>
    writeObject({ client, existing, dryRun: dryRun || isOnlyAsked, goneWithin: 60_000, sleep }, wish);
}

/** The same objects in the same order as a restore, for something else that is done with each. Answers with the warnings on the way. */
export async function visitBackup(wish: RestoreWish, context: RestoreContext, pass: Pass): Promise<readonly string[]> {
  const restoring = new Restoring(wish, context, { ...pass, visitsAll: true });
  await restoring.run();
  return restoring.ledger.warnings;
}

/** Throws `UserError` where the archive cannot be trusted or the cluster is gone; what could not be restored is in `items`. A second run goes on. */
export async function restoreBackup(wish: RestoreWish, context: RestoreContext): Promise<RestoreReport> {
  const started = new Date(context.now()).toISOString();
  const pass = { visit: writing(wish, context), newUids: new Map(), visitsAll: false };
  const restoring = new Restoring(wish, context, pass);
  await restoring.run();
  const { ledger, volumes, hooks, preflight } = restoring;
  const { items, warnings, newUids, counts } = ledger;
  return {
    name: wish.name,
    backup: wish.backup,
    phase: counts.failed > 0 || hooks.some(({ isGrave }) => isGrave) ? 'PartiallyFailed' : 'Completed',
    dryRun: wish.dryRun,
    counts,
    items,
    volumes,
    hooks,
    preflight,
    warnings,
    started,
    completed: new Date(context.now()).toISOString(),
    newUids,
  };
}
