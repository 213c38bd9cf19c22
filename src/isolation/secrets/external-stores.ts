// Programs that fill Secrets from a store outside of the manifests: which are there, and which Secrets they fill.

import type { Inventory } from '../../inventory/index.ts';
import { asArray, asObject, asString, type JsonObject, type KubeObject } from '../../model/index.ts';

interface Store {
  readonly name: string;
  /** `group/Kind` of the object that says which Secret to fill. */
  readonly kind: string;
  /** Names of the Secrets that an object fills. */
  readonly fills: (object: KubeObject) => readonly string[];
}

const own = ({ name }: KubeObject): readonly string[] => [name];

function specOf({ raw }: KubeObject): JsonObject {
  return asObject(raw['spec']);
}

/** A text in the spec, or the object's own name. */
function named(...path: readonly [string, string?]): Store['fills'] {
  const [first, second] = path;
  return (object) => {
    const value = specOf(object)[first];
    return [asString(second === undefined ? value : asObject(value)[second]) ?? object.name];
  };
}

function ofProvider(object: KubeObject): readonly string[] {
  return asArray(specOf(object)['secretObjects']).flatMap((item) => asString(asObject(item)['secretName']) ?? []);
}

/** Sources: the documentation of each project. */
const stores: readonly Store[] = [
  { name: 'External Secrets', kind: 'external-secrets.io/ExternalSecret', fills: named('target', 'name') },
  { name: 'Sealed Secrets', kind: 'bitnami.com/SealedSecret', fills: own },
  {
    name: 'Vault Secrets Operator',
    kind: 'secrets.hashicorp.com/VaultStaticSecret',
    fills: named('destination', 'name'),
  },
  {
    name: 'Vault Secrets Operator',
    kind: 'secrets.hashicorp.com/VaultDynamicSecret',
    fills: named('destination', 'name'),
  },
  { name: 'Secrets Store CSI driver', kind: 'secrets-store.csi.x-k8s.io/SecretProviderClass', fills: ofProvider },
  { name: '1Password', kind: 'onepassword.com/OnePasswordItem', fills: own },
  { name: 'Doppler', kind: 'secrets.doppler.com/DopplerSecret', fills: named('managedSecret', 'name') },
  {
    name: 'Infisical',
    kind: 'secrets.infisical.com/InfisicalSecret',
    fills: named('managedSecretReference', 'secretName'),
  },
  { name: 'cert-manager', kind: 'cert-manager.io/Certificate', fills: named('secretName') },
];

export interface Filling {
  /** `External Secrets`. */
  readonly store: string;
  /** The object that says so: `ExternalSecret db`. */
  readonly by: string;
}

/** Who fills which Secret, by `namespace/name`. */
export function fillingsOf(inventory: Inventory): ReadonlyMap<string, Filling> {
  const entries = stores.flatMap(({ name: store, kind, fills }) =>
    inventory.glimpse(kind).flatMap((object) =>
      fills(object).map((secret) => {
        const filling = { store, by: `${object.kind} ${object.name}` };
        return [`${object.namespace}/${secret}`, filling] as const;
      }),
    ),
  );
  return new Map(entries);
}

/** Stores whose definitions, or whose objects, are in the input; cert-manager keeps certificates only. */
export function storesPresent(inventory: Inventory): string[] {
  const defined = new Set(
    inventory.glimpse('apiextensions.k8s.io/CustomResourceDefinition').map(({ raw }) => {
      const { group, names } = asObject(raw['spec']);
      return `${asString(group) ?? ''}/${asString(asObject(names)['kind']) ?? ''}`;
    }),
  );
  const found = stores.filter(({ kind }) => defined.has(kind) || inventory.glimpse(kind).length > 0);
  return [...new Set(found.map(({ name }) => name))].filter((name) => name !== 'cert-manager');
}
