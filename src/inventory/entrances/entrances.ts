// The programs of a cluster that may lead in: ingress controllers, gateways, and the proxies that work for them.

import type { KubeObject } from '../../model/index.ts';
import { type Program, viewOf } from '../cluster-facts/view.ts';
import type { Inventory } from '../inventory.ts';
import { type Labels, toWorkloads } from '../workload.ts';
import { type CarriedBy, type KnownController, knownControllers } from './known-controllers.ts';
import { readClassFlags } from './read-settings.ts';

/** A program that may serve. */
export interface Candidate {
  readonly program: Program;
  /** Absent for a program that is told by its flags alone. */
  readonly known?: KnownController;
  /** Objects whose pods carry the requests for it. */
  readonly carriers: readonly KubeObject[];
}

interface Proxy {
  readonly object: KubeObject;
  readonly labels: Labels;
}

export interface Entrances {
  readonly candidates: readonly Candidate[];
  /** Objects whose pods carry a label of a gateway. */
  readonly proxies: readonly Proxy[];
}

/** Keys by which proxies are looked for. */
const proxyKeys: readonly string[] = [
  'gateway.networking.k8s.io/gateway-name',
  'projectcontour.io/owning-gateway-name',
  'gateway.envoyproxy.io/owning-gateway-name',
  'gateway.envoyproxy.io/owning-gatewayclass',
  ...knownControllers.flatMap(({ carriedBy }) =>
    typeof carriedBy === 'object' && 'labels' in carriedBy ? Object.keys(carriedBy.labels) : [],
  ),
];

function hasLabels(labels: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(([key, value]) => labels[key] === value);
}

/** Objects whose pods carry all of these labels, one of them a key of gateways. */
export function proxiesOf({ proxies }: Pick<Entrances, 'proxies'>, wanted: Labels): KubeObject[] {
  return proxies.filter(({ labels }) => hasLabels(labels, wanted)).map(({ object }) => object);
}

function findProxies(programs: readonly Program[]): Proxy[] {
  const objects = [...new Set(programs.map(({ object }) => object))];
  return objects
    .flatMap((object) => toWorkloads(object).map(({ labels }) => ({ object, labels })))
    .filter(({ labels }) => proxyKeys.some((key) => labels[key] !== undefined));
}

interface Found {
  readonly programs: readonly Program[];
  readonly proxies: readonly Proxy[];
}

/** The object runs the proxy itself, or one beside it does. */
function carriersBy(carriedBy: CarriedBy, { object }: Program, { programs, proxies }: Found): KubeObject[] {
  if (typeof carriedBy === 'string') return carriedBy === 'program' ? [object] : [];
  if ('labels' in carriedBy) return proxiesOf({ proxies }, carriedBy.labels);
  const beside = programs
    .filter((each) => carriedBy.image.test(each.repository) && each.object.namespace === object.namespace)
    .map((each) => each.object);
  return beside.includes(object) ? [object] : beside;
}

function toCandidate(program: Program, found: Found): Candidate[] {
  const known = knownControllers.find(({ image }) => image?.test(program.repository) === true);
  if (known !== undefined) return [{ program, known, carriers: carriersBy(known.carriedBy, program, found) }];
  return readClassFlags(program).size === 0 ? [] : [{ program, carriers: [program.object] }];
}

/** For `inventory.derive`. */
export function entrancesOf(inventory: Inventory): Entrances {
  const { programs } = viewOf(inventory);
  const proxies = findProxies(programs);
  return { proxies, candidates: programs.flatMap((program) => toCandidate(program, { programs, proxies })) };
}
