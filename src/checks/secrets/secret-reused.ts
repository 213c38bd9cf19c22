// Finds one password, token or key that stands in several Secrets. Values are compared and never shown.

import type { Inventory } from '../../inventory/index.ts';
import { decodeBase64 } from '../../kube/base64.ts';
import { asObject, asString, type KubeObject, pushTo, type Snapshot } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { namesSecret } from './find-secret-text.ts';

/** What is shorter is a default or a placeholder, and told by other checks. */
const shortest = 8;

interface Place {
  readonly secret: KubeObject;
  readonly key: string;
}

function textOf(base64: string): string {
  return Array.from(decodeBase64(base64) ?? [], (byte) => String.fromCharCode(byte)).join('');
}

/** Values that files show under names of secrets, by key. */
function writtenValues({ raw }: KubeObject): [string, string][] {
  const texts = (field: string, read: (value: string) => string): [string, string][] =>
    Object.entries(asObject(raw[field]))
      .filter(([key]) => namesSecret(key))
      .map(([key, value]) => [key, read(asString(value) ?? '')]);
  return [...texts('data', textOf), ...texts('stringData', (text) => text)].filter(
    ([, text]) => text.length >= shortest,
  );
}

function nameOf({ namespace, name }: Pick<KubeObject, 'namespace' | 'name'>): string {
  return `${namespace}/${name}`;
}

/** Each value that is a secret by the name of its key, with all its places. Of a cluster only fingerprints are known. */
function findPlaces({ facts }: Snapshot, secrets: readonly KubeObject[]): ReadonlyMap<string, readonly Place[]> {
  const withheld = new Map((facts.cluster?.secrets ?? []).map((each) => [nameOf(each), each.keys]));
  const places = new Map<string, Place[]>();
  for (const secret of secrets) {
    const kept = Object.entries(withheld.get(nameOf(secret)) ?? {});
    const ids =
      secret.source.origin.kind === 'cluster'
        ? kept.filter(([, { bytes }]) => bytes >= shortest).map(([key, { fingerprint }]) => [key, fingerprint] as const)
        : writtenValues(secret);
    for (const [key, id] of ids) if (namesSecret(key)) pushTo(places, id, { secret, key });
  }
  return places;
}

/** Of each Secret the keys whose value was met before, in another Secret. */
function findRepeats(inventory: Inventory): ReadonlyMap<KubeObject, readonly { key: string; first: Place }[]> {
  const repeats = new Map<KubeObject, { key: string; first: Place }[]>();
  for (const [first, ...others] of findPlaces(inventory.snapshot, inventory.ofKind('/Secret')).values())
    for (const { secret, key } of others)
      if (first !== undefined && secret !== first.secret) pushTo(repeats, secret, { key, first });
  return repeats;
}

export const secretReused = objectCheck(
  {
    id: 'secret-reused',
    family: 'secrets',
    title: 'Each password, token and key is used for one thing',
    leg: 'security',
    level: 4,
    owner: 'developer',
    severity: 'medium',
    references: [{ framework: 'OWASP', id: 'K08' }],
    remediation: 'Make a value of its own for each Secret, and change the one that was shared.',
    minutes: 30,
  },
  {
    kinds: ['/Secret'],
    find: (object, { inventory }) =>
      (inventory.derive(findRepeats).get(object) ?? []).map(({ key, first }) => ({
        message: `key "${key}" of Secret "${object.name}" has the value of key "${first.key}" of Secret "${nameOf(first.secret)}": who learns one has both`,
        path: [asObject(object.raw['stringData'])[key] === undefined ? 'data' : 'stringData', key],
        evidence: 'the values were compared without being shown',
      })),
  },
);
