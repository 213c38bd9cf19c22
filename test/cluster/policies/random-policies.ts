// Network policies made up by chance: every kind of selector, port and block, over pods whose labels and ports are known.

import type { JsonObject } from '../../../src/model/index.ts';
import type { Random } from '../../kubernetes/random.ts';

export interface World {
  readonly namespaces: readonly string[];
  /** Labels that tell the namespaces of this run from others of the cluster, and each other. */
  readonly namespaceLabels: readonly JsonObject[];
  /** Addresses of pods. */
  readonly addresses: readonly string[];
}

const apps = ['web', 'db'];
const tiers = ['front', 'back'];

function podSelector({ below, of }: Random): JsonObject {
  return [
    {},
    { matchLabels: { app: of(apps) } },
    { matchLabels: { tier: of(tiers) } },
    { matchLabels: { app: of(apps), tier: of(tiers) } },
    { matchExpressions: [{ key: of(['app', 'tier']), operator: of(['Exists', 'DoesNotExist']) }] },
    { matchExpressions: [{ key: 'tier', operator: of(['In', 'NotIn']), values: of([['front'], ['front', 'back']]) }] },
  ][below(6)] as JsonObject;
}

function namespaceSelector(random: Random, { namespaces, namespaceLabels }: World): JsonObject {
  const { below, of } = random;
  return [
    {},
    { matchLabels: of(namespaceLabels) },
    { matchLabels: { 'kubernetes.io/metadata.name': of(namespaces) } },
    { matchExpressions: [{ key: 'team', operator: of(['Exists', 'DoesNotExist']) }] },
  ][below(4)] as JsonObject;
}

function ipBlock({ below, of }: Random, { addresses }: World): JsonObject {
  const one = `${of(addresses)}/32`;
  const wide = `${of(addresses).replace(/\.\d+\.\d+$/, '.0.0')}/16`;
  return [
    { cidr: one },
    { cidr: wide },
    { cidr: wide, except: [one] },
    { cidr: '192.0.2.0/24' },
    { cidr: '0.0.0.0/0', except: [one] },
  ][below(5)] as JsonObject;
}

function peer(random: Random, world: World): JsonObject {
  return [
    { podSelector: podSelector(random) },
    { namespaceSelector: namespaceSelector(random, world) },
    { podSelector: podSelector(random), namespaceSelector: namespaceSelector(random, world) },
    { ipBlock: ipBlock(random, world) },
  ][random.below(4)] as JsonObject;
}

function port({ below, of }: Random): JsonObject {
  return [
    { port: of([8080, 8081]) },
    { port: of(['http', 'alt']), protocol: 'TCP' },
    { port: of([5353, 'dns']), protocol: 'UDP' },
    { port: 8000, endPort: of([8080, 8100]) },
    { protocol: of(['TCP', 'UDP']) },
    { port: 9, protocol: of(['TCP', 'UDP', 'SCTP']) },
  ][below(6)] as JsonObject;
}

function times<T>(number: number, make: () => T): T[] {
  return Array.from({ length: number }, make);
}

function rule(random: Random, world: World, field: 'from' | 'to'): JsonObject {
  return {
    ...(random.below(5) === 0 ? {} : { [field]: times(1 + random.below(2), () => peer(random, world)) }),
    ...(random.below(3) === 0 ? {} : { ports: times(1 + random.below(2), () => port(random)) }),
  };
}

const types = [['Ingress'], ['Egress'], ['Ingress', 'Egress'], undefined] as const;

function spec(random: Random, world: World): JsonObject {
  const policyTypes = random.of(types);
  return {
    podSelector: podSelector(random),
    ...(policyTypes === undefined ? {} : { policyTypes }),
    ingress: times(random.below(3), () => rule(random, world, 'from')),
    egress: times(random.below(3), () => rule(random, world, 'to')),
  };
}

/** From none to five policies for the namespaces of the world. */
export function makePolicies(random: Random, world: World): JsonObject[] {
  return times(random.below(6), () => 0).map((_, index) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: `random-${index}`, namespace: random.of(world.namespaces) },
    spec: spec(random, world),
  }));
}
