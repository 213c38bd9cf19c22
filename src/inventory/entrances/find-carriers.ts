// Whose pods bring the requests of an Ingress or a route to the app: the one answer that policies, the engine and the traffic report use.

import type { KubeObject } from '../../model/index.ts';
import { type ClusterView, viewOf } from '../cluster-facts/view.ts';
import type { Inventory } from '../inventory.ts';
import type { Labels } from '../workload.ts';
import { type Entrances, entrancesOf, proxiesOf } from './entrances.ts';
import { type KnownController, knownControllers } from './known-controllers.ts';
import { kindOfController, serves } from './serves.ts';
import { wantedByIngress, wantedByRoute, type WantedClass, type WantedGateway } from './wanted-class.ts';

/** Where the connections to the app's pods come from. */
export type Carrier =
  /** The pods of an object of the input. */
  | { readonly kind: 'workload'; readonly object: KubeObject }
  /** Pods that the input does not hold, by the labels that they are known to get. `namespaces` left out: any. */
  | { readonly kind: 'pods'; readonly name: string; readonly labels: Labels; readonly namespaces?: readonly string[] }
  /** The proxy of each node. */
  | { readonly kind: 'nodes'; readonly name: string }
  /** A load balancer outside of the cluster. */
  | { readonly kind: 'outside'; readonly name: string };

export interface Carriage {
  /** Empty where nothing is known of them. */
  readonly carriers: readonly Carrier[];
  /** True: these, and all of these; false: perhaps some of them, or others. */
  readonly isSure: boolean;
  /** In words, for people: `class "internal" (example.com/internal)`. */
  readonly asked: string;
  /** Names of the class or the gateways; empty where no class is named. */
  readonly names: readonly string[];
}

interface Scene {
  readonly view: ClusterView;
  readonly entrances: Entrances;
}

function toCarriers(objects: readonly KubeObject[]): Carrier[] {
  return [...new Set(objects)].map((object) => ({ kind: 'workload', object }));
}

/** Where no program of the cluster tells: what is known of the kind of controller. */
function carriersOfKind({ entrances }: Scene, kind: KnownController): readonly Carrier[] {
  const { name, carriedBy, usual } = kind;
  if (carriedBy === 'nodes' || carriedBy === 'outside') return [{ kind: carriedBy, name }];
  const found = typeof carriedBy === 'object' && 'labels' in carriedBy ? proxiesOf(entrances, carriedBy.labels) : [];
  if (found.length > 0) return toCarriers(found);
  return usual === undefined ? [] : [{ kind: 'pods', name: `ingress controller ${name}`, labels: usual }];
}

function isElsewhere({ kind }: Carrier): boolean {
  return kind === 'nodes' || kind === 'outside';
}

function askedWords({ by, name, controller }: WantedClass): string {
  if (by === 'none') return 'an Ingress without a class';
  const words = by === 'default' ? `the default class "${name}"` : `class "${name}"`;
  return controller === undefined ? words : `${words} (${controller})`;
}

function carriageOfIngress(scene: Scene, ingress: KubeObject): Carriage {
  const wanted = wantedByIngress(scene.view, ingress);
  const told = { asked: askedWords(wanted), names: wanted.name === '' ? [] : [wanted.name] };
  const kind = kindOfController(wanted);
  const usual = kind === undefined ? [] : carriersOfKind(scene, kind);
  if (usual.some(isElsewhere)) return { carriers: usual, isSure: true, ...told };
  const judged = scene.entrances.candidates.map((candidate) => ({ candidate, verdict: serves(candidate, wanted) }));
  const found = judged.filter(({ verdict }) => verdict !== false);
  const carriers = toCarriers(found.flatMap(({ candidate }) => candidate.carriers));
  const isSure = found.every(({ verdict }) => verdict === true);
  if (carriers.length > 0) return { carriers, isSure, ...told };
  // Nobody serves it as it stands: whoever will is one of those that serve Ingresses.
  const any = wanted.by === 'none' ? scene.entrances.candidates.filter(({ known }) => known?.ingress) : [];
  return {
    carriers: any.length > 0 ? toCarriers(any.flatMap((each) => each.carriers)) : usual,
    isSure: false,
    ...told,
  };
}

const envoyName = 'gateway.envoyproxy.io/owning-gateway-name';
const standardName = 'gateway.networking.k8s.io/gateway-name';

/** Labels that controllers give what they make for one Gateway, with the namespace where they make it. Sources: GEP-1762, Envoy Gateway, Contour. */
function madeFor(entrances: Entrances, { name, namespace, className }: WantedGateway): KubeObject[] {
  const beside = [standardName, 'projectcontour.io/owning-gateway-name']
    .flatMap((key) => proxiesOf(entrances, { [key]: name }))
    .filter((object) => object.namespace === namespace);
  const merged = className === undefined ? [] : proxiesOf(entrances, { [envoyClass]: className });
  const owned = { [envoyName]: name, 'gateway.envoyproxy.io/owning-gateway-namespace': namespace };
  return [...beside, ...proxiesOf(entrances, owned), ...merged];
}

const envoyClass = 'gateway.envoyproxy.io/owning-gatewayclass';

function guessGateway({ name }: WantedGateway, kind: KnownController | undefined): Carrier {
  const key = kind?.name === 'Envoy Gateway' ? envoyName : standardName;
  return { kind: 'pods', name: `gateway "${name}"`, labels: { [key]: name } };
}

/** Pods of its own where the gateway has them, else those of its controller; one of several that run may be meant. */
function carriageOfGateway({ entrances }: Scene, gateway: WantedGateway): Pick<Carriage, 'carriers' | 'isSure'> {
  const { controller } = gateway;
  const made = madeFor(entrances, gateway);
  if (made.length > 0) return { carriers: toCarriers(made), isSure: true };
  const kind =
    controller === undefined ? undefined : knownControllers.find((each) => each.gateway?.test(controller) === true);
  if (kind?.carriedBy === 'nodes' || kind?.carriedBy === 'outside')
    return { carriers: [{ kind: kind.carriedBy, name: kind.name }], isSure: true };
  const running = entrances.candidates.filter(({ known }) => known !== undefined && known === kind);
  const carriers = toCarriers(running.flatMap((candidate) => candidate.carriers));
  if (kind?.settings !== undefined && carriers.length > 0) return { carriers, isSure: running.length === 1 };
  return { carriers: [...carriers, guessGateway(gateway, kind)], isSure: false };
}

function carriageOfRoute(scene: Scene, route: KubeObject): Carriage {
  const gateways = wantedByRoute(scene.view, route);
  const all = gateways.map((gateway) => carriageOfGateway(scene, gateway));
  return {
    carriers: all.flatMap(({ carriers }) => carriers),
    isSure: all.length > 0 && all.every(({ isSure }) => isSure),
    asked: gateways.map(({ namespace, name }) => `gateway "${namespace}/${name}"`).join(', ') || 'a route',
    names: gateways.map(({ name }) => name),
  };
}

/** Source: docs.openshift.com, its router runs in `openshift-ingress`. */
const openShiftRouter: Carriage = {
  carriers: [{ kind: 'pods', name: 'router of OpenShift', namespaces: ['openshift-ingress'], labels: {} }],
  isSure: true,
  asked: 'a Route',
  names: [],
};

function findCarriage(inventory: Inventory, object: KubeObject): Carriage {
  if (object.kind === 'Route') return openShiftRouter;
  const scene: Scene = { view: viewOf(inventory), entrances: inventory.derive(entrancesOf) };
  return object.kind === 'Ingress' ? carriageOfIngress(scene, object) : carriageOfRoute(scene, object);
}

function carriages(): Map<KubeObject, Carriage> {
  return new Map();
}

/** What carries the requests of an Ingress, a route of the Gateway API or a Route of OpenShift. Of files it tells what they hold. */
export function carriageOf(inventory: Inventory, object: KubeObject): Carriage {
  const known = inventory.derive(carriages);
  const carriage = known.get(object) ?? findCarriage(inventory, object);
  known.set(object, carriage);
  return carriage;
}

/** Pods of every ingress controller and gateway that was found. */
export function allCarriers(inventory: Inventory): readonly KubeObject[] {
  const { candidates } = inventory.derive(entrancesOf);
  return [...new Set(candidates.filter(({ known }) => known !== undefined).flatMap(({ carriers }) => carriers))];
}
