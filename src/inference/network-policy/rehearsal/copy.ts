// A copy of the app for the network's eyes: stand-in pods with the app's labels and ports, in namespaces that stand for the app's.

import { type Labels, labelsOfPods, type Workload } from '../../../inventory/index.ts';
import { asArray, asObject, asString, type Json, type JsonObject } from '../../../model/index.ts';
import { nameLabel } from '../../../reachability/index.ts';
import { containerDoors } from '../doors.ts';
import { keyOfPeer, nameOfPeer, type Need, type Peer } from '../need.ts';

export interface StandIn {
  readonly name: string;
  /** Of the copy. */
  readonly namespace: string;
  readonly labels: Labels;
  /** Of TCP, at which it answers. */
  readonly ports: readonly number[];
  /** Whom it stands for. */
  readonly of: string;
}

/** Namespaces of the app and of its callers, each with the one that stands for it. */
export type Places = ReadonlyMap<string, string>;

/** Where callers stand that may be in any namespace, and those that no policy knows. */
export const elsewhere = 'elsewhere';

function placeName(prefix: string, namespace: string): string {
  return `${prefix}-${namespace}`.slice(0, 63).replace(/-+$/, '');
}

function namespacesOf(peer: Peer): readonly string[] {
  if (peer.kind === 'workload') return [peer.workload.object.namespace];
  return peer.kind === 'pods' ? (peer.namespaces ?? []) : [];
}

export function choosePlaces(prefix: string, held: readonly Workload[], needs: readonly Need[]): Places {
  const own = held.map(({ object }) => object.namespace);
  const callers = needs.flatMap(({ from, to }) => (to.kind === 'workload' ? namespacesOf(from) : []));
  const all = [...new Set([...own, ...callers, elsewhere])].sort();
  return new Map(all.map((namespace) => [namespace, placeName(prefix, namespace)]));
}

/** TCP only: what answers over others differs from image to image. */
export function portsOf(workload: Workload, needs: readonly Need[]): number[] {
  const key = keyOfPeer({ kind: 'workload', workload });
  const called = needs.filter(({ to }) => keyOfPeer(to) === key);
  const doors = [...called, ...containerDoors(workload)].filter(({ protocol }) => protocol === 'TCP');
  return [...new Set(doors.flatMap(({ port }) => port ?? []))].sort((a, b) => a - b);
}

/** A label value of the app may be as long as a name; a name of our own never is too long. */
function podName(index: number, text: string): string {
  return `s${index}-${text.replaceAll(/[^a-z0-9-]/g, '-')}`.slice(0, 50).replace(/-+$/, '');
}

function isPods(peer: Peer): peer is Extract<Peer, { kind: 'pods' }> {
  return peer.kind === 'pods';
}

/** Keys as in needs: a probe finds its ends by them. */
export interface Copy {
  readonly places: Places;
  readonly standIns: readonly StandIn[];
  readonly byPeer: ReadonlyMap<string, readonly StandIn[]>;
  /** Stands in a namespace without any policy. */
  readonly witness: StandIn;
}

/** Port at which the witness answers. */
const witnessPort = 8080;

export function copyApp(prefix: string, held: readonly Workload[], needs: readonly Need[]): Copy {
  const places = choosePlaces(prefix, held, needs);
  const placeOf = (namespace: string): string => places.get(namespace) ?? placeName(prefix, elsewhere);
  const standIns: StandIn[] = [];
  const byPeer = new Map<string, StandIn[]>();
  const add = (standIn: Omit<StandIn, 'name'>, key?: string): StandIn => {
    const named = { ...standIn, name: podName(standIns.length, standIn.of.split('/').at(-1) ?? '') };
    standIns.push(named);
    if (key !== undefined) byPeer.set(key, [...(byPeer.get(key) ?? []), named]);
    return named;
  };
  for (const workload of held) {
    const peer: Peer = { kind: 'workload', workload };
    const key = keyOfPeer(peer);
    const isSet = needs.some(({ from, to }) => keyOfPeer(from) === key && keyOfPeer(to) === key);
    const pod = {
      namespace: placeOf(workload.object.namespace),
      labels: labelsOfPods(workload),
      ports: portsOf(workload, needs),
      of: nameOfPeer(peer),
    };
    // One that talks to others of its own kind needs another.
    for (let count = isSet ? 2 : 1; count > 0; count -= 1) add(pod, key);
  }
  for (const { from, to } of needs)
    if (isPods(from) && to.kind === 'workload' && !byPeer.has(keyOfPeer(from)))
      for (const namespace of from.namespaces ?? [elsewhere])
        add({ namespace: placeOf(namespace), labels: from.labels, ports: [], of: from.name }, keyOfPeer(from));
  const witness = add({ namespace: placeOf(elsewhere), labels: {}, ports: [witnessPort], of: 'a stranger' });
  return { places, standIns, byPeer, witness };
}

function movedSelector(selector: Json | undefined, places: Places): Json | undefined {
  if (selector === undefined) return undefined;
  const { matchLabels, matchExpressions, ...rest } = asObject(selector);
  const moved = (name: Json | undefined): Json => places.get(asString(name ?? null) ?? '') ?? name ?? null;
  const labels = Object.entries(asObject(matchLabels)).map(([key, value]) => [
    key,
    key === nameLabel ? moved(value) : value,
  ]);
  const expressions = asArray(matchExpressions).map((each) => {
    const expression = asObject(each);
    return expression['key'] === nameLabel
      ? { ...expression, values: asArray(expression['values']).map(moved) }
      : expression;
  });
  return {
    ...rest,
    ...(labels.length === 0 ? {} : { matchLabels: Object.fromEntries(labels) }),
    ...(expressions.length === 0 ? {} : { matchExpressions: expressions }),
  };
}

/** The name server stays where it is, whoever else of its namespace calls the app. */
function isDns(rule: JsonObject): boolean {
  return asArray(rule['ports']).some((port) => asObject(port)['protocol'] === 'UDP');
}

function movedRule(raw: JsonObject, field: 'from' | 'to', places: Places): JsonObject {
  if (raw[field] === undefined || (field === 'to' && isDns(raw))) return raw;
  const peers = asArray(raw[field]).map((each) => {
    const peer = asObject(each);
    const { namespaceSelector } = peer;
    return namespaceSelector === undefined
      ? peer
      : { ...peer, namespaceSelector: movedSelector(namespaceSelector, places) ?? {} };
  });
  return { ...raw, [field]: peers };
}

/** The policy as it is for the copy: in the namespace that stands for its own, with peers in those that stand for theirs. */
export function movePolicy(raw: JsonObject, namespace: string, places: Places): JsonObject {
  const { ingress, egress, ...spec } = asObject(raw['spec']);
  const move = (rules: Json | undefined, field: 'from' | 'to'): Json[] =>
    asArray(rules).map((rule) => movedRule(asObject(rule), field, places));
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: asObject(raw['metadata'])['name'], namespace: places.get(namespace) ?? namespace },
    spec: {
      ...spec,
      ...(ingress === undefined ? {} : { ingress: move(ingress, 'from') }),
      ...(egress === undefined ? {} : { egress: move(egress, 'to') }),
    },
  };
}
