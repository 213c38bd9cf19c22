// From a planned item to what is sent: read, prepared, in a version that the cluster serves.

import { type ApiResource, type Discovery, findResourceOfKind, groupVersionOf } from '../../api/index.ts';
import { PatchError } from '../../kube/patch/patch-error.ts';
import { asObject, asString, type JsonObject } from '../../model/index.ts';
import type { EntryPlace } from '../archive/entry-names.ts';
import type { RestoringSnapshots } from '../snapshots/restore-objects.ts';
import type { Contents } from './contents.ts';
import { addInitContainers } from './hooks/find-restore-hooks.ts';
import type { Ledger } from './ledger.ts';
import { applyModifiers } from './modifiers/apply-modifiers.ts';
import { prepareObject, type PrepareContext } from './prepare-object.ts';
import { ownerNames, type PlannedItem } from './read-plan.ts';
import type { RestoreWish, Visited } from './restore-wish.ts';

const definitions = 'customresourcedefinitions.apiextensions.k8s.io';

/** What a saved object becomes: something to send, or the reason why it is not. */
export type Ready = { readonly saved: JsonObject } & (
  | { readonly visited: Visited }
  | { readonly result: 'skipped' | 'failed'; readonly message: string }
);

export interface Readying {
  readonly wish: RestoreWish;
  readonly contents: Contents;
  readonly ledger: Ledger;
  readonly hasAccount: (account: string) => boolean;
  readonly discovery: () => Discovery;
  /** How claims are filled from snapshots; known once the plan is. */
  readonly snapshots: () => RestoringSnapshots | undefined;
}

export class ReadyItems {
  private readonly parts: Readying;
  private readonly prepareContext: PrepareContext;
  private readonly liveContext: PrepareContext;
  /** Names of definitions in the backup; looked for once they matter. */
  private savedDefinitions: ReadonlySet<string> | undefined;

  constructor(parts: Readying) {
    this.parts = parts;
    const { wish, ledger } = parts;
    this.prepareContext = this.contextFor({
      mapNamespace: (namespace) => wish.namespaceMappings.get(namespace) ?? namespace,
      newUid: (old) => ledger.newUids.get(old),
    });
    // As this restore would have made it: it is where it is, and owners are known by their new identities already.
    this.liveContext = this.contextFor({ mapNamespace: (name) => name, newUid: (uid) => uid });
  }

  /** Made once: one for each object would be most of what a restore keeps in memory. */
  private contextFor(names: Pick<PrepareContext, 'mapNamespace' | 'newUid'>): PrepareContext {
    const { wish, hasAccount, snapshots } = this.parts;
    return {
      ...wish,
      ...names,
      restore: wish.name,
      hasAccount,
      hasData: (claim) => wish.claimsWithData?.has(claim) ?? false,
      keepsStatus: (groupResource, object) => this.keepsStatus(groupResource, object),
      get snapshots() {
        return snapshots();
      },
    };
  }

  /** Throws `UserError` where the object cannot be read. */
  async read({ entry, uid }: PlannedItem): Promise<Ready> {
    const { contents, wish } = this.parts;
    const { place } = entry;
    const saved = await contents.read(entry);
    const prepared = prepareObject(place.groupResource, saved, this.prepareContext);
    if ('skip' in prepared) return { saved, result: 'skipped', message: prepared.skip };
    const resource = this.resourceOf(place, saved);
    if (resource === undefined) return { saved, result: 'failed', message: this.whyUnserved(place, saved) };
    const modified = this.modified(place, this.withHooks(place, prepared.object));
    if ('message' in modified) return { saved, result: 'failed', message: modified.message };
    const visited = {
      place,
      resource,
      object: this.adjusted(place, this.inVersion(place, modified.object, resource)),
      prepareLive: (live: JsonObject) => this.prepareLive(place, live),
      isAwaited: uid !== '',
      isOnlyAsked: wish.adjust?.isOnlyAsked(place) ?? false,
    };
    return { saved, visited };
  }

  /** Where the kind is one of a definition, with where to find that. */
  private whyUnserved({ groupResource }: EntryPlace, saved: JsonObject): string {
    const what = `the cluster serves no ${asString(saved['kind'])} in ${asString(saved['apiVersion'])}`;
    this.savedDefinitions ??= new Set(
      this.parts.contents.entries.flatMap(({ place }) => (place.groupResource === definitions ? [place.name] : [])),
    );
    return this.savedDefinitions.has(groupResource)
      ? `${what}: the backup has its definition, which comes back where customresourcedefinitions are restored too, or with --with-related`
      : `${what}, and the backup does not have its definition: install first what brings it`;
  }

  /** A dry run makes no owners: of them it can say nothing. */
  warnOfLostOwners({ entry, owners }: PlannedItem, saved: JsonObject): void {
    const { ledger, wish } = this.parts;
    const { groupResource, name } = entry.place;
    const lost = owners.filter((uid) => !ledger.newUids.has(uid));
    if (lost.length === 0 || wish.dryRun) return;
    ledger.warn(`${groupResource} ${name} comes back without its owner ${ownerNames(saved, lost)}`);
  }

  /** A word on the object itself goes before the list. */
  private keepsStatus(groupResource: string, object: JsonObject): boolean {
    const said = asObject(asObject(object['metadata'])['annotations'])['velero.io/restore-status'];
    if (said === 'true' || said === 'false') return said === 'true';
    const { statusResources, statusExcluded = [] } = this.parts.wish;
    if (statusExcluded.includes('*') || statusExcluded.includes(groupResource)) return false;
    return statusResources.includes('*') || statusResources.includes(groupResource);
  }

  private resourceOf({ groupResource }: EntryPlace, object: JsonObject): ApiResource | undefined {
    const discovery = this.parts.discovery();
    const [apiVersion, kind] = [asString(object['apiVersion']) ?? '', asString(object['kind']) ?? ''];
    const exact = findResourceOfKind(discovery, apiVersion, kind);
    if (exact !== undefined) return exact;
    const [plural = '', ...group] = groupResource.split('.');
    return discovery.resources.find((each) => each.resource === plural && each.group === group.join('.'));
  }

  /** A version that the cluster serves no more is taken for the one that it prefers; the API server says what does not fit. */
  private inVersion({ groupResource }: EntryPlace, object: JsonObject, resource: ApiResource): JsonObject {
    const apiVersion = groupVersionOf(resource);
    if (object['apiVersion'] === apiVersion) return object;
    const saved = asString(object['apiVersion']);
    this.parts.ledger.warn(`${groupResource} were saved as ${saved} and are restored as ${apiVersion}`);
    return { ...object, apiVersion };
  }

  private withHooks(place: EntryPlace, object: JsonObject): JsonObject {
    const { hooks } = this.parts.wish;
    if (hooks === undefined || place.groupResource !== 'pods') return object;
    return addInitContainers(object, this.prepareContext.mapNamespace(place.namespace), hooks);
  }

  private modified(
    place: EntryPlace,
    object: JsonObject,
  ): { readonly object: JsonObject } | { readonly message: string } {
    const { modifiers } = this.parts.wish;
    try {
      return { object: modifiers === undefined ? object : applyModifiers(modifiers, place, object) };
    } catch (error) {
      if (error instanceof PatchError) return { message: error.message };
      throw error;
    }
  }

  private adjusted(place: EntryPlace, object: JsonObject): JsonObject {
    return this.parts.wish.adjust?.change(place, object) ?? object;
  }

  private prepareLive(place: EntryPlace, live: JsonObject): JsonObject {
    const prepared = prepareObject(place.groupResource, live, this.liveContext);
    return 'object' in prepared ? this.adjusted(place, prepared.object) : live;
  }
}
