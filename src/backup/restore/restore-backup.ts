// Restores a backup: wave after wave, the objects of a wave side by side.

import {
  type ApiResource,
  type Discovery,
  discover,
  findResourceOfKind,
  getObject,
  isApiError,
} from '../../api/index.ts';
import { asArray, asObject, asString, type JsonObject, UserError } from '../../model/index.ts';
import type { EntryPlace } from '../archive/entry-names.ts';
import { parseEntry, readArchive, type ReadEntry } from '../archive/read-archive.ts';
import { isRestorable, lastingOwners, prepareObject, type PrepareContext } from './prepare-object.ts';
import { ownerNames, readPlan, type RestorePlan } from './read-plan.ts';
import { definitionWave, podWave, waveCount, waveOfResource } from './waves.ts';
import type { RestoredVolume } from '../volumes/volume-data.ts';
import type { ItemResult, RestoreContext, RestoredItem, RestoreReport, RestoreWish, Visit } from './restore-wish.ts';
import { writeObject } from './write-object.ts';

interface Waiting {
  readonly place: EntryPlace;
  readonly object: JsonObject;
}

/** One pass over a backup. */
interface Pass {
  readonly visit: Visit;
  /** New identities that an earlier pass has found. */
  readonly newUids: ReadonlyMap<string, string>;
}

class Restoring {
  readonly items: RestoredItem[] = [];
  volumes: readonly RestoredVolume[] = [];
  readonly warnings: string[] = [];
  readonly newUids: Map<string, string>;
  private waiting: Waiting[] = [];
  private discovery: Discovery = { resources: [], failures: [] };
  private plan: RestorePlan | undefined;
  private readonly missingNamespaces = new Set<string>();
  private readonly wish: RestoreWish;
  private readonly context: RestoreContext;

  private readonly visit: Visit;

  constructor(wish: RestoreWish, context: RestoreContext, { visit, newUids }: Pass) {
    this.wish = wish;
    this.context = context;
    this.visit = visit;
    this.newUids = new Map(newUids);
  }

  async run(): Promise<void> {
    this.discovery = await discover(this.context.client);
    const takes = (place: EntryPlace, object: JsonObject): boolean => this.takes(place, object);
    this.plan = await readPlan({ entries: () => this.entries(), where: this.context.where, takes });
    for (let wave = 0; wave < waveCount; wave += 1) {
      if (wave === podWave) await this.fillVolumes();
      if ((this.plan.waves[wave] ?? 0) > 0) await this.runWave(wave);
      if (wave === definitionWave) await this.learnDefinitions();
      if (wave === definitionWave + 1) await this.ensureNamespaces(this.plan);
      await this.runWaiting();
    }
    await this.runOrphans();
  }

  /** Claims are there, and nothing runs that uses them. */
  private async fillVolumes(): Promise<void> {
    const claims = this.items.flatMap(({ groupResource, namespace, name, result }) => {
      if (groupResource !== 'persistentvolumeclaims' || result === 'failed' || result === 'skipped') return [];
      const isMade = result === 'created' || result === 'recreated';
      return [[`${namespace}/${name}`, isMade ? 'made' : 'there'] as const];
    });
    const mapNamespace = (name: string): string => this.mapNamespace(name);
    const { dryRun } = this.wish;
    this.volumes = (await this.context.fillVolumes?.({ mapNamespace, claims: new Map(claims), dryRun })) ?? [];
  }

  private async *entries(): AsyncGenerator<ReadEntry> {
    yield* readArchive(await this.context.openContents(), this.context.where);
  }

  private takes(place: EntryPlace, object: JsonObject): boolean {
    const { groupResource, namespace, name } = place;
    const { selection, adjust } = this.wish;
    if (groupResource === 'namespaces') return selection.takesNamespace(name);
    if (adjust?.takes(place, object) === false) return false;
    if (!selection.takesResource(groupResource) || !this.takesScope(groupResource, namespace)) return false;
    const labels = asObject(asObject(object['metadata'])['labels']);
    return selection.selectors.length === 0 || selection.selectors.some((selector) => selector.matches(labels));
  }

  private takesScope(groupResource: string, namespace: string): boolean {
    const { takesNamespace, takesAllNamespaces, includeClusterResources } = this.wish.selection;
    if (namespace !== '') return takesNamespace(namespace);
    return includeClusterResources ?? (takesAllNamespaces || groupResource === 'persistentvolumes');
  }

  private mapNamespace(namespace: string): string {
    return this.wish.namespaceMappings.get(namespace) ?? namespace;
  }

  private prepareContext(): PrepareContext {
    const { wish } = this;
    return {
      ...wish,
      restore: wish.name,
      mapNamespace: (namespace) => this.mapNamespace(namespace),
      hasAccount: (account) => this.plan?.accounts.has(account) ?? false,
      newUid: (old) => this.newUids.get(old),
      keepsStatus: (groupResource, object) => this.keepsStatus(groupResource, object),
    };
  }

  /** A word on the object itself goes before the list. */
  private keepsStatus(groupResource: string, object: JsonObject): boolean {
    const said = asObject(asObject(object['metadata'])['annotations'])['velero.io/restore-status'];
    if (said === 'true' || said === 'false') return said === 'true';
    const { statusResources } = this.wish;
    return statusResources.includes('*') || statusResources.includes(groupResource);
  }

  /** Objects whose owner is still to come wait for it; all others are under way, a bounded number at once. */
  private async runWave(wave: number): Promise<void> {
    const underWay = new Set<Promise<void>>();
    for await (const entry of this.entries()) {
      const { place } = entry;
      if (waveOfResource(place.groupResource) !== wave || this.plan?.isRead(place) !== true) continue;
      if (!isRestorable(place.groupResource)) continue;
      const object = parseEntry(entry, this.context.where);
      if (!this.takes(place, object)) continue;
      if (this.mustWait(object)) this.waiting.push({ place, object });
      else await this.start(underWay, { place, object });
    }
    await Promise.all(underWay);
  }

  private async start(underWay: Set<Promise<void>>, item: Waiting): Promise<void> {
    const running = this.restore(item).finally(() => underWay.delete(running));
    underWay.add(running);
    if (underWay.size >= this.wish.concurrency) await Promise.race(underWay);
  }

  private mustWait(object: JsonObject): boolean {
    return lastingOwners(object).some(({ uid }) => {
      const old = asString(uid) ?? '';
      return this.plan?.owners.has(old) === true && !this.newUids.has(old);
    });
  }

  private async runWaiting(): Promise<void> {
    for (;;) {
      const ready = this.waiting.filter(({ object }) => !this.mustWait(object));
      if (ready.length === 0) return;
      this.waiting = this.waiting.filter(({ object }) => this.mustWait(object));
      await this.runAll(ready);
    }
  }

  /** What is left waits for owners that could not be restored. */
  private async runOrphans(): Promise<void> {
    for (const { place, object } of this.waiting)
      this.warnings.push(`${place.groupResource} ${place.name} comes back without its owner ${ownerNames(object)}`);
    await this.runAll(this.waiting);
    this.waiting = [];
  }

  private async runAll(items: readonly Waiting[]): Promise<void> {
    const underWay = new Set<Promise<void>>();
    for (const item of items) await this.start(underWay, item);
    await Promise.all(underWay);
  }

  private resourceOf({ groupResource }: EntryPlace, object: JsonObject): ApiResource | undefined {
    const [apiVersion, kind] = [asString(object['apiVersion']) ?? '', asString(object['kind']) ?? ''];
    const exact = findResourceOfKind(this.discovery, apiVersion, kind);
    if (exact !== undefined) return exact;
    const [plural = '', ...group] = groupResource.split('.');
    return this.discovery.resources.find((each) => each.resource === plural && each.group === group.join('.'));
  }

  private async restore({ place, object }: Waiting): Promise<void> {
    const prepared = prepareObject(place.groupResource, object, this.prepareContext());
    if ('skip' in prepared) return this.note(place, object, { result: 'skipped', message: prepared.skip });
    const resource = this.resourceOf(place, object);
    if (resource === undefined) {
      const message = `the cluster serves no ${asString(object['kind'])} in ${asString(object['apiVersion'])}`;
      return this.note(place, object, { result: 'failed', message });
    }
    if (this.wish.dryRun && this.missingNamespaces.has(this.mapNamespace(place.namespace)))
      return this.note(place, object, { result: 'created', message: 'its namespace is new: not tried' });
    const { adjust } = this.wish;
    const result = await this.visit({
      place,
      resource,
      object: this.adjusted(place, this.inVersion(place, prepared.object, resource)),
      prepareLive: (live) => this.prepareLive(place, live),
      isOnlyAsked: adjust?.isOnlyAsked(place) ?? false,
    });
    if ('uid' in result) this.newUids.set(asString(asObject(object['metadata'])['uid']) ?? '', result.uid);
    this.note(place, object, result);
  }

  /** A version that the cluster serves no more is taken for the one that it prefers; the API server says what does not fit. */
  private inVersion({ groupResource, name }: EntryPlace, object: JsonObject, resource: ApiResource): JsonObject {
    const apiVersion = resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
    if (object['apiVersion'] === apiVersion) return object;
    this.warnings.push(
      `${groupResource} ${name} was saved as ${asString(object['apiVersion'])} and is restored as ${apiVersion}`,
    );
    return { ...object, apiVersion };
  }

  private adjusted(place: EntryPlace, object: JsonObject): JsonObject {
    return this.wish.adjust?.change(place, object) ?? object;
  }

  /** As this restore would have made it: owners are known by their new identities already. */
  private prepareLive(place: EntryPlace, live: JsonObject): JsonObject {
    const context = { ...this.prepareContext(), mapNamespace: (name: string) => name, newUid: (uid: string) => uid };
    const prepared = prepareObject(place.groupResource, live, context);
    return 'object' in prepared ? this.adjusted(place, prepared.object) : live;
  }

  private note(
    place: EntryPlace,
    object: JsonObject,
    { result, ...rest }: { readonly result: ItemResult; readonly message?: string },
  ): void {
    const { groupResource, name } = place;
    const isNamespace = groupResource === 'namespaces';
    const [version, kind] = [asString(object['apiVersion']) ?? '', asString(object['kind']) ?? ''];
    const message = rest.message === undefined ? {} : { message: rest.message };
    const namespace = place.namespace === '' ? '' : this.mapNamespace(place.namespace);
    this.items.push({
      groupResource,
      version,
      kind,
      namespace,
      name: isNamespace ? this.mapNamespace(name) : name,
      result,
      ...message,
    });
    if (this.items.length % 100 === 0)
      this.context.progress(`${this.items.length} of ${this.plan?.total ?? '?'} objects`);
  }

  /** Definitions are of use only once the API server serves them. */
  private async learnDefinitions(): Promise<void> {
    const made = this.items.filter(
      ({ result }) => result === 'created' || result === 'recreated' || result === 'updated',
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
    this.warnings.push(`the definition ${name} was not served within 30 seconds`);
  }

  /** Namespaces that only the objects in them name. */
  private async ensureNamespaces({ namespaces, namespaceObjects }: RestorePlan): Promise<void> {
    const resource = { group: '', version: 'v1', resource: 'namespaces' };
    for (const old of namespaces) {
      const name = this.mapNamespace(old);
      const isThere = await this.namespaceExists(resource, name);
      if (isThere) continue;
      if (this.wish.dryRun) this.missingNamespaces.add(name);
      else if (!namespaceObjects.has(old))
        await this.context.client.request({
          method: 'POST',
          path: '/api/v1/namespaces',
          body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
        });
    }
  }

  private async namespaceExists(
    resource: Pick<ApiResource, 'group' | 'version' | 'resource'>,
    name: string,
  ): Promise<boolean> {
    try {
      for (let tries = 0; ; tries += 1) {
        const { status } = await getObject(this.context.client, resource, { name });
        if (asObject(status)['phase'] !== 'Terminating') return true;
        if (tries === 600)
          throw new UserError(
            'cluster-failed',
            `the namespace "${name}" is on its way out and does not go`,
            'See what holds it: kubectl describe namespace.',
          );
        await this.context.sleep(1000);
      }
    } catch (error) {
      if (isApiError(error, 404)) return false;
      // Who may not read namespaces may still work in one that is there.
      if (isApiError(error, 403)) return true;
      throw error;
    }
  }
}

const noCounts: Readonly<Record<ItemResult, number>> = {
  created: 0,
  updated: 0,
  recreated: 0,
  unchanged: 0,
  differs: 0,
  skipped: 0,
  failed: 0,
};

function countResults(items: readonly RestoredItem[]): Record<ItemResult, number> {
  const counts = { ...noCounts };
  for (const { result } of items) counts[result] += 1;
  return counts;
}

/** Each object is made, or found to be there. */
function writing({ existing, dryRun }: RestoreWish, { client, sleep }: RestoreContext): Visit {
  return ({ isOnlyAsked, ...wish }) =>
    writeObject({ client, existing, dryRun: dryRun || isOnlyAsked, goneWithin: 60_000, sleep }, wish);
}

/** The same objects in the same order as a restore, for something else that is done with each. Answers with the warnings on the way. */
export async function visitBackup(wish: RestoreWish, context: RestoreContext, pass: Pass): Promise<readonly string[]> {
  const restoring = new Restoring(wish, context, pass);
  await restoring.run();
  return restoring.warnings;
}

/** Throws `UserError` where the archive cannot be trusted or the cluster is gone; what could not be restored is in `items`. A second run goes on. */
export async function restoreBackup(wish: RestoreWish, context: RestoreContext): Promise<RestoreReport> {
  const started = new Date(context.now()).toISOString();
  const restoring = new Restoring(wish, context, { visit: writing(wish, context), newUids: new Map() });
  await restoring.run();
  const { items, volumes, warnings, newUids } = restoring;
  const counts = countResults(items);
  return {
    name: wish.name,
    backup: wish.backup,
    phase: counts.failed > 0 ? 'PartiallyFailed' : 'Completed',
    dryRun: wish.dryRun,
    counts,
    items,
    volumes,
    warnings,
    started,
    completed: new Date(context.now()).toISOString(),
    newUids,
  };
}
