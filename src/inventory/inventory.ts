// The indexed snapshot: every question of a check is one look-up, never a scan over all objects.

import type { CrdSchemas, Schemas } from '../kube/schema/index.ts';
import type { Selector } from '../kube/selectors.ts';
import { compileEqualitySelector, compileSelector } from '../kube/selectors.ts';
import {
  asArray,
  asObject,
  asString,
  isJsonObject,
  type JsonObject,
  type KubeObject,
  type Path,
  type Snapshot,
  pushTo,
} from '../model/index.ts';
import { LabelIndex } from './label-index.ts';
import { emitObjectReferences } from './object-references.ts';
import { emitPodReferences } from './pod-references.ts';
import { Positions } from './positions.ts';
import type { Reference, ReferenceTarget } from './reference.ts';
import { UnseenKinds, type Watched } from './unseen-kinds.ts';
import { labelsOfPods, readLabels, toWorkloads, type Labels, type Workload, workloadKinds } from './workload.ts';

/** Groups that were renamed: objects are found under their present group too. */
const presentGroup: Readonly<Record<string, string>> = {
  'extensions/Deployment': 'apps',
  'extensions/DaemonSet': 'apps',
  'extensions/ReplicaSet': 'apps',
  'extensions/Ingress': 'networking.k8s.io',
  'extensions/NetworkPolicy': 'networking.k8s.io',
  'extensions/PodSecurityPolicy': 'policy',
};

function groupOf(object: KubeObject): string {
  return presentGroup[`${object.group}/${object.kind}`] ?? object.group;
}

function identity(target: Pick<ReferenceTarget, 'group' | 'kind' | 'namespace' | 'name'>): string {
  return `${target.group}/${target.kind}/${target.namespace}/${target.name}`;
}

const none: readonly never[] = [];

/** What is known of kinds beyond this program's own tables. */
export interface Knowledge {
  readonly schemas: Schemas;
  readonly crds: CrdSchemas;
  /** Where custom kinds keep pod templates: `group/Kind` to paths, in which `*` stands for every item. */
  readonly templatePaths: ReadonlyMap<string, readonly Path[]>;
}

export class Inventory {
  readonly snapshot: Snapshot;
  readonly positions: Positions;
  /** Absent where the inventory was made without schemas. */
  readonly knowledge: Knowledge | undefined;
  /** What answers rest on that could not be listed. */
  readonly unseen: UnseenKinds;
  private readonly ownWorkloads: readonly Workload[];
  /** Every name that points from one object to another. */
  readonly references: readonly Reference[];
  private readonly kinds = new Map<string, KubeObject[]>();
  private readonly identities = new Map<string, KubeObject>();
  private readonly workloadsByObject = new Map<KubeObject, readonly Workload[]>();
  private readonly pods: LabelIndex<Workload>;
  private readonly outgoing = new Map<KubeObject, Reference[]>();
  private readonly incoming = new Map<string, Reference[]>();
  private readonly selected = new Map<KubeObject, readonly Workload[]>();
  private selecting: ReadonlyMap<string, Map<Workload, KubeObject[]>> | undefined;
  private readonly kindsByNamespace = new Map<string, ReadonlyMap<string, KubeObject[]>>();
  private readonly derived = new Map<(inventory: Inventory) => unknown, Watched<unknown>>();

  constructor(snapshot: Snapshot, knowledge?: Knowledge) {
    this.snapshot = snapshot;
    this.knowledge = knowledge;
    this.positions = new Positions(snapshot);
    this.unseen = new UnseenKinds(snapshot);
    for (const object of snapshot.objects) this.index(object);
    this.ownWorkloads = this.findWorkloads(knowledge?.templatePaths ?? new Map());
    this.pods = new LabelIndex(this.ownWorkloads, (workload) => [workload.object.namespace, labelsOfPods(workload)]);
    this.references = this.findReferences();
  }

  get objects(): readonly KubeObject[] {
    return this.snapshot.objects;
  }

  /** Workloads of the user's own; one that is controlled by another object of the input is left out. */
  get workloads(): readonly Workload[] {
    this.unseen.noteAll(workloadKinds);
    return this.ownWorkloads;
  }

  /** Objects of `group/Kind` (core group: `/Kind`), in reading order; former groups are included. */
  ofKind(groupKind: string): readonly KubeObject[] {
    this.unseen.note(groupKind);
    return this.kinds.get(groupKind) ?? none;
  }

  /** As `ofKind`, for who says himself what was not seen: the answer does not count as resting on the kind. */
  glimpse(groupKind: string): readonly KubeObject[] {
    return this.kinds.get(groupKind) ?? none;
  }

  /** Objects of `group/Kind` in one namespace, in reading order. */
  ofKindIn(groupKind: string, namespace: string): readonly KubeObject[] {
    this.unseen.note(groupKind);
    let byNamespace = this.kindsByNamespace.get(groupKind);
    if (byNamespace === undefined) {
      byNamespace = groupByNamespace(this.ofKind(groupKind));
      this.kindsByNamespace.set(groupKind, byNamespace);
    }
    return byNamespace.get(namespace) ?? none;
  }

  /** What a function makes of the inventory, made once: for an index that only one family of checks needs. */
  derive<T>(make: (inventory: Inventory) => T): T {
    const known = this.derived.get(make) ?? this.unseen.watch(() => make(this));
    this.derived.set(make, known);
    // Whoever uses it rests on what it was made of.
    this.unseen.noteAll(known.unseen);
    return known.result as T;
  }

  find(target: Pick<ReferenceTarget, 'group' | 'kind' | 'namespace' | 'name'>): KubeObject | undefined {
    this.unseen.note(`${target.group}/${target.kind}`);
    return this.identities.get(identity(target));
  }

  /** The workload of an object; the first one where a custom kind has several pod templates. */
  workloadOf(object: KubeObject): Workload | undefined {
    return this.workloadsByObject.get(object)?.[0];
  }

  /** References that leave an object. */
  referencesFrom(object: KubeObject): readonly Reference[] {
    return this.outgoing.get(object) ?? none;
  }

  /** References that point at an object. `from` names the kinds, as `group/Kind`, that the answer rests on. */
  referencesTo(object: KubeObject, from: readonly string[]): readonly Reference[] {
    this.unseen.noteAll(from);
    return this.incoming.get(identity({ ...object, group: groupOf(object) })) ?? none;
  }

  /** Workloads of one namespace whose pods a selector matches. */
  workloadsMatching(namespace: string, selector: Selector): readonly Workload[] {
    this.unseen.noteAll(workloadKinds);
    return this.pods.matching(namespace, selector);
  }

  /** Workloads that an object's own pod selector matches: Service, NetworkPolicy, PodDisruptionBudget. */
  workloadsSelectedBy(object: KubeObject): readonly Workload[] {
    this.unseen.noteAll(workloadKinds);
    let workloads = this.selected.get(object);
    if (workloads === undefined) {
      const selector = podSelectorOf(object);
      workloads = selector === undefined ? none : this.pods.matching(object.namespace, selector);
      this.selected.set(object, workloads);
    }
    return workloads;
  }

  /** Objects of a kind whose selector matches this workload's pods: its Services, policies or budgets. */
  selectorsOf(workload: Workload, groupKind: keyof typeof selectorReaders): readonly KubeObject[] {
    this.unseen.note(groupKind);
    this.selecting ??= new Map(Object.keys(selectorReaders).map((kind) => [kind, this.invert(kind)]));
    return this.selecting.get(groupKind)?.get(workload) ?? none;
  }

  /** Labels of a namespace in the input; `undefined` where the input does not hold it. */
  namespaceLabels(namespace: string): Labels | undefined {
    const object = this.find({ group: '', kind: 'Namespace', namespace: '', name: namespace });
    if (object === undefined) return undefined;
    return { ...readLabels(asObject(object.raw['metadata'])['labels']), 'kubernetes.io/metadata.name': namespace };
  }

  private invert(kind: string): Map<Workload, KubeObject[]> {
    const result = new Map<Workload, KubeObject[]>();
    for (const object of this.ofKind(kind))
      for (const workload of this.workloadsSelectedBy(object)) pushTo(result, workload, object);
    return result;
  }

  private index(object: KubeObject): void {
    const group = groupOf(object);
    pushTo(this.kinds, `${object.group}/${object.kind}`, object);
    if (group !== object.group) pushTo(this.kinds, `${group}/${object.kind}`, object);
    const id = identity({ ...object, group });
    if (!this.identities.has(id)) this.identities.set(id, object);
  }

  private findWorkloads(templatePaths: Knowledge['templatePaths']): Workload[] {
    const found: Workload[] = [];
    for (const object of this.snapshot.objects) {
      const workloads = toWorkloads(object, templatePaths.get(`${object.group}/${object.kind}`));
      if (workloads.length === 0 || this.isControlled(object)) continue;
      this.workloadsByObject.set(object, workloads);
      found.push(...workloads);
    }
    return found;
  }

  private isControlled(object: KubeObject): boolean {
    return asArray(asObject(object.raw['metadata'])['ownerReferences']).some((item) => {
      const owner = asObject(item);
      const apiVersion = asString(owner['apiVersion']) ?? '';
      const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
      const target = { group, kind: asString(owner['kind']) ?? '', name: asString(owner['name']) ?? '' };
      return owner['controller'] === true && this.find({ ...target, namespace: object.namespace }) !== undefined;
    });
  }

  private findReferences(): Reference[] {
    const references: Reference[] = [];
    for (const object of this.snapshot.objects) {
      const emit = (target: ReferenceTarget): void => {
        const reference = { ...target, from: object };
        references.push(reference);
        pushTo(this.outgoing, object, reference);
        pushTo(this.incoming, identity(target), reference);
      };
      for (const workload of this.workloadsByObject.get(object) ?? none) emitPodReferences(workload, emit);
      emitObjectReferences(object, emit);
    }
    return references;
  }
}

function groupByNamespace(objects: readonly KubeObject[]): ReadonlyMap<string, KubeObject[]> {
  const groups = new Map<string, KubeObject[]>();
  for (const object of objects) pushTo(groups, object.namespace, object);
  return groups;
}

type SelectorReader = (spec: JsonObject) => Selector;

const selectorReaders = {
  '/Service': (spec) => compileEqualitySelector(isJsonObject(spec['selector']) ? spec['selector'] : undefined),
  'networking.k8s.io/NetworkPolicy': (spec) => compileSelector(asObject(spec['podSelector'])),
  'policy/PodDisruptionBudget': (spec) =>
    compileSelector(isJsonObject(spec['selector']) ? spec['selector'] : undefined),
} satisfies Readonly<Record<string, SelectorReader>>;

/** The pod selector of a Service, NetworkPolicy or PodDisruptionBudget, with that kind's own meaning of "empty". */
export function podSelectorOf(object: KubeObject): Selector | undefined {
  const readers: Readonly<Record<string, SelectorReader>> = selectorReaders;
  return readers[`${groupOf(object)}/${object.kind}`]?.(asObject(object.raw['spec']));
}

/** Builds all indexes of a snapshot: linear in its size. */
export function createInventory(snapshot: Snapshot, knowledge?: Knowledge): Inventory {
  return new Inventory(snapshot, knowledge);
}
