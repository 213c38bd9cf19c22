// The objects of a backup as they come from the API server: paged lists side by side, and after them what the taken ones need.

import { type ApiClient, type ApiResource, type Discovery, getObject, isApiError, listPages } from '../../api/index.ts';
import { asObject, asString, type JsonObject, UserError } from '../../model/index.ts';
import { groupResourceOf } from '../archive/entry-names.ts';
import type { ArchivedObject } from '../archive/write-archive.ts';
import { chooseResources, listableResources } from './choose-resources.ts';
import { mergeBounded } from './merge-bounded.ts';
import { bindsAccount, RelatedObjects } from './related.ts';
import type { CompiledSelection } from './selection.ts';

/** One list that was made: what the backup says of its own consistency. */
export interface ListRecord {
  readonly groupResource: string;
  /** '' for a list of the whole cluster. */
  readonly namespace: string;
  /** The moment that its first page shows. */
  readonly resourceVersion: string;
  /** ISO times of the first request and the last answer. */
  readonly from: string;
  readonly to: string;
  readonly objects: number;
  /** The moment was forgotten before the last page: later pages show later ones. */
  readonly inconsistent: boolean;
}

/** Something that should be in the backup and is not, or may not be. */
export interface CollectProblem {
  readonly severity: 'error' | 'warning';
  /** '' for one of the cluster. */
  readonly namespace: string;
  readonly message: string;
}

export interface Collecting {
  readonly client: ApiClient;
  readonly discovery: Discovery;
  readonly selection: CompiledSelection;
  /** Lists under way at once. */
  readonly concurrency: number;
  readonly pageSize?: number;
  /** ISO time. */
  readonly now: () => string;
  readonly onList: (record: ListRecord) => void;
  readonly onProblem: (problem: CollectProblem) => void;
}

const excludeLabel = 'velero.io/exclude-from-backup';

interface Job {
  readonly resource: ApiResource;
  readonly namespace: string;
}

function toArchived(resource: ApiResource, raw: JsonObject): ArchivedObject {
  const { name, namespace } = asObject(raw['metadata']);
  const { group, version, kind } = resource;
  const where = resource.namespaced ? (asString(namespace) ?? '') : '';
  return { group, version, resource: resource.resource, kind, namespace: where, name: asString(name) ?? '', raw };
}

function keyOf({ group, resource, namespace, name }: ArchivedObject): string {
  return `${resource}.${group}/${namespace}/${name}`;
}

class Collector {
  private readonly related = new RelatedObjects();
  private readonly taken = new Set<string>();
  private readonly trackedNamespaces = new Set<string>();
  private readonly resources: ReadonlyMap<string, ApiResource>;
  /** Active ones that the filters take, by name. */
  private namespaces = new Map<string, JsonObject>();
  private readonly how: Collecting;

  constructor(how: Collecting) {
    this.how = how;
    const all = listableResources(how.discovery);
    this.resources = new Map(all.map((resource) => [groupResourceOf(resource), resource]));
  }

  async *collect(): AsyncGenerator<ArchivedObject> {
    const { selection, concurrency, discovery } = this.how;
    this.namespaces = await this.readNamespaces();
    yield* this.ordered();
    const jobs = chooseResources(discovery, selection).flatMap((resource) => this.jobsOf(resource));
    yield* mergeBounded(
      jobs.map((job) => this.list(job)),
      concurrency,
    );
    yield* this.namespaceObjects();
    yield* this.relatedObjects();
  }

  /** Named namespaces are listed one by one, so that rights in them are enough; others by a list of the whole cluster. */
  private jobsOf(resource: ApiResource): Job[] {
    if (!resource.namespaced) return [{ resource, namespace: '' }];
    const { namedNamespaces } = this.how.selection;
    if (namedNamespaces === undefined) return [{ resource, namespace: '' }];
    return namedNamespaces.filter((name) => this.namespaces.has(name)).map((namespace) => ({ resource, namespace }));
  }

  private async readNamespaces(): Promise<Map<string, JsonObject>> {
    const found = new Map<string, JsonObject>();
    for (const raw of await this.fetchNamespaces()) {
      const { metadata, status } = raw;
      const { labels } = asObject(metadata);
      const name = asString(asObject(metadata)['name']) ?? '';
      const isLeftOut = asObject(labels)[excludeLabel] === 'true' || !this.how.selection.takesNamespace(name);
      // What is on its way out is none of the app's any more. A namespace that may not be read says no phase.
      const { phase = 'Active' } = asObject(status);
      if (!isLeftOut && phase === 'Active') found.set(name, raw);
    }
    return found;
  }

  private async fetchNamespaces(): Promise<readonly JsonObject[]> {
    const { client, selection } = this.how;
    const resource = this.resources.get('namespaces');
    if (resource === undefined) return [];
    const { namedNamespaces } = selection;
    if (namedNamespaces === undefined) {
      const all: JsonObject[] = [];
      for await (const { items } of listPages(client, resource)) all.push(...items);
      return all;
    }
    const objects = await Promise.all(namedNamespaces.map((name) => this.fetchNamespace(resource, name)));
    return objects.filter((object) => object !== undefined);
  }

  private async fetchNamespace(resource: ApiResource, name: string): Promise<JsonObject | undefined> {
    try {
      return await getObject(this.how.client, resource, { name });
    } catch (error) {
      if (isApiError(error, 403)) {
        this.problem('warning', name, `the namespace itself is not in the backup: ${error.message}`);
        return { metadata: { name } };
      }
      if (!isApiError(error, 404)) throw error;
      this.problem('error', name, `namespace "${name}" does not exist`);
      return undefined;
    }
  }

  private problem(severity: CollectProblem['severity'], namespace: string, message: string): void {
    this.how.onProblem({ severity, namespace, message });
  }

  private admits(object: ArchivedObject): boolean {
    const { labels, deletionTimestamp } = asObject(object.raw['metadata']);
    const { selectors } = this.how.selection;
    if (asObject(labels)[excludeLabel] === 'true' || deletionTimestamp !== undefined) return false;
    if (object.namespace !== '' && !this.namespaces.has(object.namespace)) return false;
    return selectors.length === 0 || selectors.some((selector) => selector.matches(asObject(labels)));
  }

  /** The object where it is taken, and has not been before. */
  private take(object: ArchivedObject): ArchivedObject | undefined {
    const key = keyOf(object);
    if (this.taken.has(key)) return undefined;
    this.taken.add(key);
    this.related.note(object);
    if (object.namespace !== '') this.trackedNamespaces.add(object.namespace);
    return object;
  }

  private async *list(job: Job): AsyncGenerator<ArchivedObject> {
    const { client, now, onList, pageSize } = this.how;
    const { resource, namespace } = job;
    const record = { groupResource: groupResourceOf(resource), namespace, resourceVersion: '', from: now(), to: '' };
    const counts = { objects: 0, inconsistent: false };
    const options = { ...(namespace === '' ? {} : { namespace }), ...(pageSize === undefined ? {} : { pageSize }) };
    try {
      for await (const page of listPages(client, resource, options)) {
        record.resourceVersion ||= page.resourceVersion;
        counts.inconsistent ||= page.inconsistent || page.restarted;
        const taken = page.items.flatMap((raw) => this.admitted(toArchived(resource, raw)));
        counts.objects += taken.length;
        yield* taken;
      }
    } catch (error) {
      this.listFailed(job, error);
      return;
    }
    onList({ ...record, ...counts, to: now() });
  }

  /** A list that cannot be made leaves a gap that is told; only a cluster that is gone ends the backup. */
  private listFailed({ resource, namespace }: Job, error: unknown): void {
    if (!(error instanceof UserError) || error.code === 'cluster-unreachable') throw error;
    // Served once and not any more, or an API that lists nothing: there is nothing to save.
    if (isApiError(error, 404) || isApiError(error, 405)) return;
    this.problem('error', namespace, `${groupResourceOf(resource)} could not be listed: ${error.message}`);
  }

  /** The objects that the user wants first, in his order. */
  private async *ordered(): AsyncGenerator<ArchivedObject> {
    for (const [name, objects] of this.how.selection.order) {
      const resource = [...this.resources.values()].find(
        (each) => each.resource === name || groupResourceOf(each) === name,
      );
      if (resource === undefined || !this.how.selection.takes(resource)) continue;
      for (const each of objects) {
        const [second = '', first] = each.split('/').toReversed();
        const found = await this.fetch(resource, {
          name: second,
          ...(first === undefined ? {} : { namespace: first }),
        });
        if (found === undefined) this.problem('warning', first ?? '', `${name} "${each}" of the order does not exist`);
        else yield* this.admitted(found);
      }
    }
  }

  private one(object: ArchivedObject): ArchivedObject[] {
    const taken = this.take(object);
    return taken === undefined ? [] : [taken];
  }

  private admitted(object: ArchivedObject): ArchivedObject[] {
    return this.admits(object) ? this.one(object) : [];
  }

  private async fetch(
    resource: ApiResource,
    name: { readonly name: string; readonly namespace?: string },
  ): Promise<ArchivedObject | undefined> {
    try {
      return toArchived(resource, await getObject(this.how.client, resource, name));
    } catch (error) {
      if (isApiError(error, 404)) return undefined;
      if (!(error instanceof UserError) || error.code === 'cluster-unreachable') throw error;
      this.problem('warning', '', `${groupResourceOf(resource)} "${name.name}": ${error.message}`);
      return undefined;
    }
  }

  /** A namespace that holds something that was taken, or that the filters themselves choose. */
  private *namespaceObjects(): Generator<ArchivedObject> {
    const resource = this.resources.get('namespaces');
    if (resource === undefined) return;
    const { selectors, takesAllNamespaces } = this.how.selection;
    const isChosen = (raw: JsonObject): boolean => {
      if (selectors.length === 0) return true;
      const labels = asObject(asObject(raw['metadata'])['labels']);
      return !takesAllNamespaces || selectors.some((selector) => selector.matches(labels));
    };
    for (const [name, raw] of this.namespaces)
      if (raw['kind'] !== undefined && (this.trackedNamespaces.has(name) || isChosen(raw)))
        yield* this.one(toArchived(resource, raw));
  }

  private async *relatedObjects(): AsyncGenerator<ArchivedObject> {
    const { volumes, priorityClasses } = this.related;
    yield* this.named('persistentvolumes', volumes);
    yield* this.named('priorityclasses.scheduling.k8s.io', priorityClasses);
    yield* this.named('clusterroles.rbac.authorization.k8s.io', yield* this.bindings());
    yield* this.named('customresourcedefinitions.apiextensions.k8s.io', this.related.definitions);
  }

  private permitted(groupResource: string): ApiResource | undefined {
    const resource = this.resources.get(groupResource);
    return resource !== undefined && this.how.selection.permits(resource) ? resource : undefined;
  }

  private async *named(groupResource: string, names: ReadonlySet<string>): AsyncGenerator<ArchivedObject> {
    const resource = this.permitted(groupResource);
    if (resource === undefined) return;
    const { group, resource: plural, kind, version } = resource;
    const open = [...names].filter(
      (name) => !this.taken.has(keyOf({ group, resource: plural, kind, version, namespace: '', name, raw: {} })),
    );
    const fetchOne = async function* (this: Collector, name: string): AsyncGenerator<ArchivedObject> {
      const found = await this.fetch(resource, { name });
      if (found !== undefined) yield* this.one(found);
    }.bind(this);
    yield* mergeBounded(open.map(fetchOne), this.how.concurrency);
  }

  /** Bindings of the whole cluster that give rights to accounts in the backup; answers with the roles that they name. */
  private async *bindings(): AsyncGenerator<ArchivedObject, ReadonlySet<string>> {
    const roles = new Set<string>();
    const resource = this.permitted('clusterrolebindings.rbac.authorization.k8s.io');
    if (resource === undefined || this.related.serviceAccounts.size === 0) return roles;
    try {
      for await (const { items } of listPages(this.how.client, resource)) {
        const bindings = items.filter((raw) => bindsAccount(raw, this.related));
        for (const { roleRef } of bindings) roles.add(asString(asObject(roleRef)['name']) ?? '');
        yield* bindings.flatMap((raw) => this.one(toArchived(resource, raw)));
      }
    } catch (error) {
      if (!isApiError(error, 403)) throw error;
      this.problem(
        'warning',
        '',
        `bindings of the app's accounts in the whole cluster are not in the backup: ${error.message}`,
      );
    }
    return roles;
  }
}

/** Each object once. Throws `UserError` where the cluster is not there; what is refused is told to `onProblem`. */
export function collectObjects(how: Collecting): AsyncGenerator<ArchivedObject> {
  return new Collector(how).collect();
}
