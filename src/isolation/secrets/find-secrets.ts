// Each Secret of the app: where its values come from, who gets them and in which way, and what a change of it needs.

import { type Inventory, positionOf, type Workload, workloadKinds } from '../../inventory/index.ts';
import { asArray, asObject, asString, type KubeObject, type Position, pushTo } from '../../model/index.ts';
import { type Filling, fillingsOf } from './external-stores.ts';

/** `env`: a variable. `all`: every key as a variable. `file`: a volume. `subPath`: one file of a volume, which never changes. `pull`: to pull images. */
export type SecretWay = 'env' | 'all' | 'file' | 'subPath' | 'pull' | 'other';

export interface SecretUse {
  /** `Deployment api`, `Ingress web`. */
  readonly by: string;
  readonly container?: string;
  readonly way: SecretWay;
}

/** `manifest`: its values stand in files. `store`: something fills it. `cluster`: it is there, and nobody knows from where. `missing`: it is named and not in the input. */
export type SecretOrigin = 'manifest' | 'store' | 'cluster' | 'missing' | 'empty';

export interface SecretView {
  readonly namespace: string;
  readonly name: string;
  readonly type: string;
  readonly origin: SecretOrigin;
  readonly filledBy?: Filling;
  /** Names of its keys; never a value. */
  readonly keys: readonly string[];
  readonly immutable: boolean;
  /** ISO date of its creation; only of a cluster. */
  readonly created?: string;
  readonly position?: Position;
  readonly uses: readonly SecretUse[];
}

/** Made and kept by Kubernetes or Helm: not the app's to change. */
const foreignTypes: ReadonlySet<string> = new Set([
  'kubernetes.io/service-account-token',
  'helm.sh/release.v1',
  'bootstrap.kubernetes.io/token',
]);

function envUses({ object, containers }: Workload): (SecretUse & { secret: string })[] {
  const by = `${object.kind} ${object.name}`;
  return containers.flatMap(({ name: container, raw }) => [
    ...asArray(raw['env']).flatMap((item) => {
      const secret = asString(asObject(asObject(asObject(item)['valueFrom'])['secretKeyRef'])['name']);
      return secret === undefined ? [] : { by, container, way: 'env' as const, secret };
    }),
    ...asArray(raw['envFrom']).flatMap((item) => {
      const secret = asString(asObject(asObject(item)['secretRef'])['name']);
      return secret === undefined ? [] : { by, container, way: 'all' as const, secret };
    }),
  ]);
}

/** Secrets in a volume: its own, or parts of a projected one. */
function secretsIn(volume: unknown): string[] {
  const { secret, projected } = asObject(volume);
  const sources = asArray(asObject(projected)['sources']).map((source) => asObject(source)['secret']);
  return [
    asString(asObject(secret)['secretName']),
    ...sources.map((source) => asString(asObject(source)['name'])),
  ].flatMap((name) => name ?? []);
}

function fileUses({ object, containers, spec }: Workload): (SecretUse & { secret: string })[] {
  const by = `${object.kind} ${object.name}`;
  return asArray(spec['volumes']).flatMap((volume) => {
    const secrets = secretsIn(volume);
    const name = asString(asObject(volume)['name']);
    return containers.flatMap(({ name: container, raw }) => {
      const mounts = asArray(raw['volumeMounts'])
        .map(asObject)
        .filter((mount) => mount['name'] === name);
      return mounts.flatMap((mount) => {
        const way = (asString(mount['subPath']) ?? '') === '' ? ('file' as const) : ('subPath' as const);
        return secrets.map((secret) => ({ by, container, way, secret }));
      });
    });
  });
}

function withoutRepeats(uses: readonly SecretUse[]): SecretUse[] {
  return [...new Map(uses.map((use) => [JSON.stringify(use), use])).values()];
}

/** Uses by `namespace/name`. Those of pods with their way, those of other objects by who they are. */
function usesOf(inventory: Inventory): ReadonlyMap<string, SecretUse[]> {
  const uses = new Map<string, SecretUse[]>();
  const add = (namespace: string, name: string, use: SecretUse): void => {
    const key = `${namespace}/${name}`;
    pushTo(uses, key, use);
  };
  for (const workload of inventory.workloads) {
    const { namespace, kind, name } = workload.object;
    for (const { secret, ...use } of [...envUses(workload), ...fileUses(workload)]) add(namespace, secret, use);
    for (const { name: secret, use } of inventory.referencesFrom(workload.object))
      if (use === 'imagePullSecret') add(namespace, secret, { by: `${kind} ${name}`, way: 'pull' });
  }
  for (const reference of inventory.references) {
    const { from, kind, namespace, name } = reference;
    if (kind !== 'Secret' || workloadKinds.includes(`${from.group}/${from.kind}`)) continue;
    add(namespace, name, { by: `${from.kind} ${from.name}`, way: 'other' });
  }
  return uses;
}

function keysOf({ raw }: KubeObject): string[] {
  return [...new Set([...Object.keys(asObject(raw['data'])), ...Object.keys(asObject(raw['stringData']))])].sort();
}

function originOf(object: KubeObject, filled: boolean): SecretOrigin {
  if (filled) return 'store';
  if (object.source.origin.kind === 'cluster') return 'cluster';
  return keysOf(object).length === 0 ? 'empty' : 'manifest';
}

/** Those of the app: without tokens of accounts, releases of Helm, and the like. */
export function findSecrets(inventory: Inventory): SecretView[] {
  const fillings = fillingsOf(inventory);
  const uses = usesOf(inventory);
  const there = inventory.ofKind('/Secret').filter(({ raw }) => !foreignTypes.has(asString(raw['type']) ?? ''));
  const known = new Set(there.map(({ namespace, name }) => `${namespace}/${name}`));
  const views = there.map((object): SecretView => {
    const { namespace, name, raw } = object;
    const key = `${namespace}/${name}`;
    const filledBy = fillings.get(key);
    const created = asString(asObject(raw['metadata'])['creationTimestamp'])?.slice(0, 10);
    const isLive = object.source.origin.kind === 'cluster';
    return {
      namespace,
      name,
      type: asString(raw['type']) ?? 'Opaque',
      origin: originOf(object, filledBy !== undefined),
      ...(filledBy === undefined ? {} : { filledBy }),
      keys: keysOf(object),
      immutable: raw['immutable'] === true,
      ...(isLive && created !== undefined ? { created } : {}),
      ...(isLive ? {} : { position: positionOf(inventory, object, []) }),
      uses: withoutRepeats(uses.get(key) ?? []),
    };
  });
  const absent = [...uses.keys()].filter((key) => !known.has(key)).sort();
  const missing = absent.map((key): SecretView => {
    const [namespace = '', name = ''] = key.split('/');
    const filledBy = fillings.get(key);
    return {
      namespace,
      name,
      type: 'unknown',
      origin: filledBy === undefined ? 'missing' : 'store',
      ...(filledBy === undefined ? {} : { filledBy }),
      keys: [],
      immutable: false,
      uses: withoutRepeats(uses.get(key) ?? []),
    };
  });
  return [...views, ...missing];
}
