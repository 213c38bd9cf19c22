// What Pod Security admission could enforce in each namespace today, and what of its pods stands in the way of the next level.

import { type Controller, controllerOf, type Inventory, positionOf } from '../../inventory/index.ts';
import { judgePodSecurity, newestPodSecurityMinor, type PodSecurityLevel } from '../../kube/pod-security/index.ts';
import { systemNamespaces } from '../../kube/system-namespaces.ts';
import {
  asObject,
  type JsonObject,
  type KubeObject,
  type Path,
  type Position,
  pushTo,
  valueAt,
} from '../../model/index.ts';

export const standingLevels = ['privileged', 'baseline', 'restricted'] as const;
export type StandingLevel = (typeof standingLevels)[number];

/** One thing about one workload that a level does not admit. */
export interface Blocker {
  /** Id of the control, as in kubernetes/pod-security-admission. */
  readonly control: string;
  readonly message: string;
  readonly subject: { readonly apiVersion: string; readonly kind: string; readonly name: string };
  readonly container?: string;
  readonly position: Position;
  /** Who makes the subject, where that is not the user: an operator's object, or a controller that the input does not hold. */
  readonly madeBy?: Controller;
  /** The pods have it and their template has not: something in the cluster puts it in, such as the sidecar of a mesh. */
  readonly addedInCluster?: true;
}

/** The labels as they are; what is not set is left out. */
export type ModeLabels = Readonly<
  Partial<Record<'enforce' | 'enforce-version' | 'audit' | 'audit-version' | 'warn' | 'warn-version', string>>
>;

export interface Standing {
  readonly namespace: string;
  /** `undefined` where the input does not hold the namespace. */
  readonly labels: ModeLabels | undefined;
  /** Pod templates and pods that were judged. */
  readonly judged: number;
  /** The strictest level that all of them pass. */
  readonly holds: StandingLevel;
  /** What stands in the way of the level above; empty at `restricted`. */
  readonly blockers: readonly Blocker[];
  /** Kinds, as `group/Kind`, that could not be listed: `holds` is then only what was seen. */
  readonly unseen: readonly string[];
}

export const modePrefix = 'pod-security.kubernetes.io/';
const modes = ['enforce', 'enforce-version', 'audit', 'audit-version', 'warn', 'warn-version'] as const;

function labelsOf(inventory: Inventory, namespace: string): ModeLabels | undefined {
  const labels = inventory.namespaceLabels(namespace);
  if (labels === undefined) return undefined;
  return Object.fromEntries(
    modes.flatMap((mode) => {
      const value = labels[modePrefix + mode];
      return value === undefined ? [] : [[mode, value]];
    }),
  );
}

function ownerOf({ raw }: KubeObject): Controller | undefined {
  return controllerOf(asObject(raw['metadata']));
}

/** Owners of owners; where they go round in circles there is an end all the same. */
const furthest = 10;

/** The object, and those who made it one after the other as far as the input holds them; last who is not held. */
function chainOf(inventory: Inventory, object: KubeObject): { objects: KubeObject[]; beyond: Controller | undefined } {
  const objects = [object];
  let owner = ownerOf(object);
  while (owner !== undefined && objects.length < furthest) {
    const found = inventory.find({ ...owner, namespace: object.namespace });
    if (found === undefined) break;
    objects.push(found);
    owner = ownerOf(found);
  }
  return { objects, beyond: owner };
}

/** The object that a person has to change, where that is not the workload itself. */
function makerOf(inventory: Inventory, object: KubeObject): Controller | undefined {
  const { objects, beyond } = chainOf(inventory, object);
  const last = objects.at(-1);
  if (beyond !== undefined || last === undefined || last === object) return beyond;
  return { group: last.group, kind: last.kind, name: last.name };
}

interface Judged {
  readonly object: KubeObject;
  readonly templatePath: Path;
  /** A pod whose workload is in the input: what admission puts into it shows only here. */
  readonly made?: true;
}

function madePods(inventory: Inventory, written: ReadonlySet<KubeObject>): Judged[] {
  const pods = inventory.ofKind('/Pod').filter((object) => !written.has(object));
  return pods.map((object) => ({ object, templatePath: [], made: true }));
}

function podOf({ object, templatePath }: Judged): { metadata: JsonObject; spec: JsonObject } {
  const template = asObject(valueAt(object.raw, templatePath));
  return { metadata: asObject(template['metadata']), spec: asObject(template['spec']) };
}

class Look {
  readonly inventory: Inventory;
  readonly minor: number;
  private readonly written: ReadonlySet<KubeObject>;

  constructor(inventory: Inventory, minor: number) {
    this.inventory = inventory;
    this.minor = minor;
    this.written = new Set(inventory.workloads.map(({ object }) => object));
  }

  /** The workload that a pod was made from, where the input holds it. */
  private sourceOf({ object, made }: Judged): KubeObject | undefined {
    return made === undefined
      ? undefined
      : chainOf(this.inventory, object).objects.find((each) => this.written.has(each));
  }

  blockers(judged: Judged, level: PodSecurityLevel): Blocker[] {
    const source = this.sourceOf(judged);
    const subject = source ?? judged.object;
    const { apiVersion, kind, name } = subject;
    const madeBy = makerOf(this.inventory, subject);
    return judgePodSecurity(podOf(judged), level, this.minor).map(({ control, message, path, container }) => ({
      control,
      message,
      subject: { apiVersion, kind, name },
      ...(container === undefined ? {} : { container }),
      position: positionOf(this.inventory, subject, source === undefined ? [...judged.templatePath, ...path] : []),
      ...(madeBy === undefined ? {} : { madeBy }),
      ...(source === undefined ? {} : { addedInCluster: true as const }),
    }));
  }
}

/** What pods show beyond their templates, each thing once for all pods of a workload. */
function withoutRepeats(blockers: readonly Blocker[]): Blocker[] {
  const seen = new Set<string>();
  return blockers.filter(({ control, container = '', subject, message }) => {
    const key = JSON.stringify([subject, control, container, message]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function judge(look: Look, judged: readonly Judged[]): Pick<Standing, 'holds' | 'blockers'> {
  const blockersAt = (level: PodSecurityLevel): Blocker[] =>
    withoutRepeats(judged.flatMap((each) => look.blockers(each, level)));
  const atBaseline = blockersAt('baseline');
  if (atBaseline.length > 0) return { holds: 'privileged', blockers: atBaseline };
  const atRestricted = blockersAt('restricted');
  return { holds: atRestricted.length > 0 ? 'baseline' : 'restricted', blockers: atRestricted };
}

function byNamespace(inventory: Inventory): Map<string, Judged[]> {
  const result = new Map<string, Judged[]>();
  const { workloads } = inventory;
  const written = new Set(workloads.map(({ object }) => object));
  for (const { name } of inventory.ofKind('/Namespace')) result.set(name, []);
  // Templates come first: what a pod has in common with its template is told of the template.
  for (const { object, templatePath } of workloads) pushTo(result, object.namespace, { object, templatePath });
  for (const judged of madePods(inventory, written)) pushTo(result, judged.object.namespace, judged);
  return result;
}

/** A cluster lists all of its namespaces, also where the pods of some only were read. */
function wasRead({ snapshot }: Inventory): (namespace: string) => boolean {
  const asked = snapshot.facts.cluster?.namespaces ?? [];
  return (namespace) => (asked.length === 0 ? !systemNamespaces.has(namespace) : asked.includes(namespace));
}

/** One for each namespace that was read, by name; without Kubernetes' own, unless they were asked for. `minor` is the policy version, 1.N. */
export function findStandings(inventory: Inventory, minor: number): Standing[] {
  const version = Math.min(minor, newestPodSecurityMinor);
  const { result, unseen } = inventory.unseen.watch(() => byNamespace(inventory));
  const look = new Look(inventory, version);
  const isRead = wasRead(inventory);
  return [...result]
    .filter(([namespace]) => isRead(namespace))
    .map(([namespace, judged]) => ({
      namespace,
      labels: labelsOf(inventory, namespace),
      judged: judged.length,
      ...judge(look, judged),
      unseen: [...unseen].filter((kind) => kind !== '/Namespace').sort(),
    }))
    .sort((a, b) => (a.namespace < b.namespace ? -1 : 1));
}
