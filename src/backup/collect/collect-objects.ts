// The objects of a backup as they come from the API server: paged lists side by side, and after them what the taken ones need.

import {
  type ApiClient,
  type ApiResource,
  type Discovery,
  isApiError,
  listPageBytes,
  resourcePath,
} from '../../api/index.ts';
import { asObject, asString } from '../../model/index.ts';
import { groupResourceOf } from '../archive/entry-names.ts';
import type { ArchivedObject } from '../archive/write-archive.ts';
import { flatten, singly } from './batches.ts';
import type { ListRecord } from './list-record.ts';
import { chooseResources, listableResources } from './choose-resources.ts';
import { type CollectProblem, gapOf, isGap, withRule } from './gap.ts';
import { excludeLabel, isLeftOut } from './left-out.ts';
import { type ListedObject, readItem, readItems } from './listed-object.ts';
import { mergeBounded } from './merge-bounded.ts';
import type { ObjectRule, RuleOf } from './object-filters.ts';
import { bindsAccount, RelatedObjects } from './related.ts';
import { Repeats } from './repeats.ts';
import type { CompiledSelection } from './selection.ts';

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

interface ItemName {
  readonly name: string;
  readonly namespace?: string;
}

interface Job {
  readonly resource: ApiResource;
  readonly namespace: string;
}

function keyOf({
  group,
  resource,
  namespace,
  name,
}: Omit<ArchivedObject, 'raw' | 'content' | 'version' | 'kind'>): string {
  return `${resource}.${group}/${namespace}/${name}`;
}

class Collector {
  private readonly related = new RelatedObjects();
  /** What may come by another way once more: objects of the cluster, and those of the user's order. */
  private readonly taken = new Set<string>();
  private readonly trackedNamespaces = new Set<string>();
  private readonly resources: ReadonlyMap<string, ApiResource>;
  /** Active ones that the filters take, by name; without the object where it may not be read. */
  private namespaces: ReadonlyMap<string, ListedObject | undefined> = new Map();
  /** Which namespaces there are may not be asked: whatever the lists show is taken then. */
  private namespacesAreHidden = false;
  private readonly how: Collecting;

  constructor(how: Collecting) {
    this.how = how;
    const all = listableResources(how.discovery);
    this.resources = new Map(all.map((resource) => [groupResourceOf(resource), resource]));
  }

  async *collect(): AsyncGenerator<readonly ArchivedObject[]> {
    const { selection, concurrency, discovery } = this.how;
    for (const remark of selection.remarks) this.problem('warning', '', remark);
    this.namespaces = await this.readNamespaces();
    yield* singly(this.ordered());
    const jobs = chooseResources(discovery, selection).flatMap((resource) => this.jobsOf(resource));
    yield* mergeBounded(
      jobs.map((job) => this.list(job)),
      concurrency,
    );
    yield [...this.namespaceObjects()];
    yield* singly(this.relatedObjects());
  }

  /** Named namespaces are listed one by one, so that rights in them are enough; others by a list of the whole cluster. */
  private jobsOf(resource: ApiResource): Job[] {
    if (!resource.namespaced) return [{ resource, namespace: '' }];
    const { namedNamespaces } = this.how.selection;
    if (namedNamespaces === undefined) return [{ resource, namespace: '' }];
    const ruleOf = this.ruleOf(resource);
    return namedNamespaces
      .filter((name) => this.namespaces.has(name) && ruleOf(name) !== undefined)
      .map((namespace) => ({ resource, namespace }));
  }

  private async readNamespaces(): Promise<Collector['namespaces']> {
    const found = new Map<string, ListedObject | undefined>();
    for (const [name, object] of await this.fetchNamespaces()) {
      const { metadata, status } = object?.raw ?? {};
      const { labels } = asObject(metadata);
      const isLeftOut = asObject(labels)[excludeLabel] === 'true' || !this.how.selection.takesNamespace(name);
      // What is on its way out is none of the app's any more. A namespace that may not be read says no phase.
      const { phase = 'Active' } = asObject(status);
      if (!isLeftOut && phase === 'Active') found.set(name, object);
    }
    return found;
  }

  private async fetchNamespaces(): Promise<readonly (readonly [string, ListedObject | undefined])[]> {
    const resource = this.resources.get('namespaces');
    if (resource === undefined) return [];
    const { namedNamespaces } = this.how.selection;
    if (namedNamespaces === undefined) return await this.listNamespaces(resource);
    return (await Promise.all(namedNamespaces.map((name) => this.fetchNamespace(resource, name)))).flat();
  }

  private async listNamespaces(resource: ApiResource): Promise<[string, ListedObject][]> {
    const all: [string, ListedObject][] = [];
    try {
      for await (const { bytes } of listPageBytes(this.how.client, resource))
        for (const object of readItems(resource, bytes)) all.push([object.name, object]);
    } catch (error) {
      this.namespacesAreHidden = true;
      this.listFailed({ resource, namespace: '' }, error);
    }
    return all;
  }

  /** Nothing for one that does not exist, and its name alone for one that may not be read. */
  private async fetchNamespace(resource: ApiResource, name: string): Promise<[string, ListedObject | undefined][]> {
    try {
      return [[name, await this.read(resource, { name })]];
    } catch (error) {
      if (isApiError(error, 403)) {
        const message = `the namespace itself is not in the backup: ${error.message}`;
        this.how.onProblem({ severity: 'warning', namespace: name, message, ...withRule(error) });
        return [[name, undefined]];
      }
      if (!isApiError(error, 404)) throw error;
      this.problem('error', name, `namespace "${name}" does not exist`);
      return [];
    }
  }

  private takesNamespace(name: string): boolean {
    return this.namespacesAreHidden ? this.how.selection.takesNamespace(name) : this.namespaces.has(name);
  }

  private problem(severity: CollectProblem['severity'], namespace: string, message: string): void {
    this.how.onProblem({ severity, namespace, message });
  }

  private ruleOf(resource: ApiResource): RuleOf {
    return this.how.selection.rulesOf(groupResourceOf(resource));
  }

  private admits(object: ListedObject, { selectors }: ObjectRule): boolean {
    if (object.namespace !== '' && !this.takesNamespace(object.namespace)) return false;
    if (isLeftOut(object)) return false;
    if (selectors.length === 0) return true;
    const { labels } = asObject(object.raw['metadata']);
    return selectors.some((selector) => selector.matches(asObject(labels)));
  }

  /** False for what has been taken before. */
  private take(object: ListedObject): boolean {
    if (this.isTaken(object)) return false;
    if (object.namespace === '') this.taken.add(keyOf(object));
    else this.trackedNamespaces.add(object.namespace);
    this.related.note(object);
    return true;
  }

  /** In namespaces only what the user's order names comes twice: without one, no key is made of the many objects there. */
  private isTaken(object: ListedObject): boolean {
    const mayBe = object.namespace === '' || this.how.selection.order.size > 0;
    return mayBe && this.taken.has(keyOf(object));
  }

  private async *list(job: Job): AsyncGenerator<readonly ArchivedObject[]> {
    const { client, now, onList, pageSize } = this.how;
    const { resource, namespace } = job;
    const record = { groupResource: groupResourceOf(resource), namespace, resourceVersion: '', from: now(), to: '' };
    const counts = { objects: 0, inconsistent: false };
    const repeats = new Repeats();
    const ruleOf = this.ruleOf(resource);
    const options = { ...(namespace === '' ? {} : { namespace }), ...(pageSize === undefined ? {} : { pageSize }) };
    try {
      for await (const { bytes, resourceVersion, inconsistent, restarted } of listPageBytes(
        client,
        resource,
        options,
      )) {
        record.resourceVersion ||= resourceVersion;
        counts.inconsistent ||= inconsistent || restarted;
        if (restarted) repeats.begin();
        const taken = this.takePage(readItems(resource, bytes), repeats, ruleOf);
        counts.objects += taken.length;
        yield taken;
      }
    } catch (error) {
      this.listFailed(job, error);
      return;
    }
    onList({ ...record, ...counts, to: now() });
  }

  private takePage(items: Iterable<ListedObject>, repeats: Repeats, ruleOf: RuleOf): readonly ListedObject[] {
    const taken: ListedObject[] = [];
    for (const object of items)
      if (repeats.isNew(object) && this.isAdmitted(object, ruleOf) && this.take(object)) taken.push(object);
    return taken;
  }

  /** A list that cannot be made leaves a gap that is told; only a cluster that is gone ends the backup. */
  private listFailed({ resource, namespace }: Job, error: unknown): void {
    if (!isGap(error)) throw error;
    // Served once and not any more, or an API that lists nothing: there is nothing to save.
    if (isApiError(error, 404) || isApiError(error, 405)) return;
    this.how.onProblem(gapOf(groupResourceOf(resource), namespace, error));
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
        else yield* this.admittedFirst(found, resource);
      }
    }
  }

  /** What is taken now its list will show once more. */
  private admittedFirst(object: ListedObject, resource: ApiResource): readonly ListedObject[] {
    if (!this.isAdmitted(object, this.ruleOf(resource)) || !this.take(object)) return [];
    this.taken.add(keyOf(object));
    return [object];
  }

  private one(object: ListedObject): ListedObject[] {
    return this.take(object) ? [object] : [];
  }

  private isAdmitted(object: ListedObject, ruleOf: RuleOf): boolean {
    const rule = ruleOf(object.namespace);
    if (rule === undefined || !this.admits(object, rule)) return false;
    if (rule.takesName(object.name)) return true;
    // Its namespace is one that has something of the app, as Velero sees it.
    if (object.namespace !== '') this.trackedNamespaces.add(object.namespace);
    return false;
  }

  private async read(resource: ApiResource, name: ItemName): Promise<ListedObject> {
    return readItem(resource, await this.how.client.requestBytes({ path: resourcePath(resource, name) }));
  }

  private async fetch(resource: ApiResource, name: ItemName): Promise<ListedObject | undefined> {
    try {
      return await this.read(resource, name);
    } catch (error) {
      if (isApiError(error, 404)) return undefined;
      if (!isGap(error)) throw error;
      const message = `${groupResourceOf(resource)} "${name.name}" is not in the backup: ${error.message}`;
      this.how.onProblem({ severity: 'warning', namespace: name.namespace ?? '', message, ...withRule(error) });
      return undefined;
    }
  }

  /** A namespace that holds something that was taken, or that the filters themselves choose. */
  private *namespaceObjects(): Generator<ArchivedObject> {
    const { selectors, takesAllNamespaces } = this.how.selection;
    const isChosen = (object: ListedObject): boolean => {
      if (selectors.length === 0) return true;
      const labels = asObject(asObject(object.raw['metadata'])['labels']);
      return !takesAllNamespaces || selectors.some((selector) => selector.matches(labels));
    };
    const takesName = this.how.selection.rulesOf('namespaces')('')?.takesName ?? (() => true);
    for (const [name, object] of this.namespaces)
      if (object !== undefined && takesName(name) && (this.trackedNamespaces.has(name) || isChosen(object)))
        yield* this.one(object);
  }

  private async *relatedObjects(): AsyncGenerator<ArchivedObject> {
    const { volumes, priorityClasses } = this.related;
    yield* this.claimsOfPods();
    yield* this.named('persistentvolumes', volumes);
    yield* this.named('priorityclasses.scheduling.k8s.io', priorityClasses);
    yield* this.named('clusterroles.rbac.authorization.k8s.io', yield* this.bindings());
    yield* this.named('customresourcedefinitions.apiextensions.k8s.io', this.related.definitions);
  }

  /** A pod is not worth much without its claims: they come along where labels or filters would leave them. */
  private async *claimsOfPods(): AsyncGenerator<ArchivedObject> {
    const { selection } = this.how;
    const resource = this.resources.get('persistentvolumeclaims');
    if (!selection.picks || resource === undefined || !selection.takes(resource)) return;
    const { usedClaims, claims } = this.related;
    const names = [...usedClaims].filter((key) => !claims.has(key)).map((key) => key.split('/'));
    for (const [namespace = '', name = ''] of names) yield* await this.pulled(resource, { namespace, name });
  }

  /** Something that another object needs: filters by labels have no say in it. */
  private async pulled(resource: ApiResource, name: ItemName): Promise<ListedObject[]> {
    const takesName = this.ruleOf(resource)(name.namespace ?? '')?.takesName;
    if (takesName?.(name.name) === false) return [];
    const found = await this.fetch(resource, name);
    return found === undefined || isLeftOut(found) ? [] : this.one(found);
  }

  private permitted(groupResource: string): ApiResource | undefined {
    const resource = this.resources.get(groupResource);
    return resource !== undefined && this.how.selection.permits(resource) ? resource : undefined;
  }

  private async *named(groupResource: string, names: ReadonlySet<string>): AsyncGenerator<ArchivedObject> {
    const resource = this.permitted(groupResource);
    if (resource === undefined) return;
    const { group, resource: plural } = resource;
    const open = [...names].filter((name) => !this.taken.has(keyOf({ group, resource: plural, namespace: '', name })));
    const fetchOne = async function* (this: Collector, name: string): AsyncGenerator<ArchivedObject> {
      yield* await this.pulled(resource, { name });
    }.bind(this);
    yield* mergeBounded(open.map(fetchOne), this.how.concurrency);
  }

  /** Bindings of the whole cluster that give rights to accounts in the backup; answers with the roles that they name. */
  private async *bindings(): AsyncGenerator<ArchivedObject, ReadonlySet<string>> {
    const roles = new Set<string>();
    const resource = this.permitted('clusterrolebindings.rbac.authorization.k8s.io');
    if (resource === undefined || this.related.serviceAccounts.size === 0) return roles;
    const takesName = this.ruleOf(resource)('')?.takesName;
    try {
      for await (const { bytes } of listPageBytes(this.how.client, resource)) {
        const bindings = [...readItems(resource, bytes)].filter(
          (object) =>
            takesName?.(object.name) !== false && !isLeftOut(object) && bindsAccount(object.raw, this.related),
        );
        for (const { raw } of bindings) roles.add(asString(asObject(raw['roleRef'])['name']) ?? '');
        yield* bindings.flatMap((object) => this.one(object));
      }
    } catch (error) {
      if (!isApiError(error, 403)) throw error;
      const message = `bindings of the app's accounts in the whole cluster are not in the backup: ${error.message}`;
      this.how.onProblem({ severity: 'warning', namespace: '', message, ...withRule(error) });
    }
    return roles;
  }
}

/** Each object once. Throws `UserError` where the cluster is not there; what is refused is told to `onProblem`. */
export function collectObjects(how: Collecting): AsyncGenerator<ArchivedObject> {
  return flatten(collectBatches(how));
}

/** The same, as many at a time as come together. */
export function collectBatches(how: Collecting): AsyncGenerator<readonly ArchivedObject[]> {
  return new Collector(how).collect();
}
