// Files and cluster side by side: what the manifests declare and the cluster has otherwise, has not, or has besides.

import { appObjects } from '../compare/index.ts';
import { type DeclaredDifference, declaredDifferences, loadSchemas, type Schemas } from '../kube/schema/index.ts';
import { createInventory, positionOf } from '../inventory/index.ts';
import { findSecretText } from '../checks/index.ts';
import {
  asObject,
  asString,
  isJsonObject,
  isListOf,
  type Json,
  type JsonObject,
  type KubeObject,
  type Path,
  type Position,
  type Snapshot,
  toJsonPointer,
  valueAt,
} from '../model/index.ts';
import type { ClusterWish } from './open-cluster.ts';
import { type Outside, readApp, type ReadWish } from './read-app.ts';

export interface DriftWish {
  readonly inputs: readonly string[];
  readonly reading: Omit<ReadWish, 'inputs' | 'cluster'>;
  readonly cluster: ClusterWish;
}

interface Identity {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

export interface DriftedField {
  /** JSON pointer in the manifest. */
  readonly path: string;
  readonly position: Position;
  /** JSON text. */
  readonly declared: string;
  /** JSON text; absent where the live object has no such field. */
  readonly live?: string;
}

export interface DriftAnswer {
  readonly schema: 'nowwhat.dev/drift/v1';
  readonly context: string;
  readonly same: number;
  readonly changed: readonly { readonly object: Identity; readonly fields: readonly DriftedField[] }[];
  /** In the files and not in the cluster. */
  readonly missing: readonly { readonly object: Identity; readonly position: Position }[];
  /** In the namespaces of the files, written by somebody, and not in the files. */
  readonly besides: readonly Identity[];
  /** In the files, of kinds that may not be listed. */
  readonly unknown: readonly Identity[];
}

function identityOf({ apiVersion, kind, namespace, name }: KubeObject): Identity {
  return { apiVersion, kind, namespace, name };
}

function keyOf({ group, kind, namespace, name }: KubeObject): string {
  return `${group}/${kind}/${namespace}/${name}`;
}

const withheld = '(withheld)';

/** The value without what looks like a secret: drift is often about settings, and settings hold passwords. */
function withholdSecrets(value: Json, key: string): Json {
  if (typeof value === 'string') return findSecretText(key, value) === undefined ? value : withheld;
  if (Array.isArray(value)) return value.map((item) => withholdSecrets(item, key));
  if (!isJsonObject(value)) return value;
  // A variable of a container: its name says what its value is.
  const name = asString(value['name']);
  const entries = Object.entries(value).map(([field, item]): [string, Json] => [
    field,
    withholdSecrets(item ?? null, field === 'value' && name !== undefined ? name : field),
  ]);
  return Object.fromEntries(entries);
}

/** What names the field: of a variable's value its name, else the last step of the path. */
function keyOfField(raw: JsonObject, path: Path): string {
  const parent = path.at(-1) === 'value' ? asObject(valueAt(raw, path.slice(0, -1))) : {};
  return asString(parent['name']) ?? String(path.findLast((step) => typeof step === 'string') ?? '');
}

function jsonText(value: Json, key: string): string {
  const text = JSON.stringify(withholdSecrets(value, key));
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}

function toField({ path, declared, live }: DeclaredDifference, object: KubeObject, position: Position): DriftedField {
  const key = keyOfField(object.raw, path);
  return {
    path: toJsonPointer(path),
    position,
    declared: jsonText(declared, key),
    ...(live === undefined ? {} : { live: jsonText(live, key) }),
  };
}

/** Kinds that may not be listed where the object would be. */
function isHidden({ group, kind, namespace }: KubeObject, { facts }: Snapshot): boolean {
  return (facts.cluster?.notListed ?? []).some(
    (list) => isListOf(list, group, kind) && (list.namespace === '' || list.namespace === namespace),
  );
}

interface Sides {
  readonly files: Snapshot;
  readonly live: Snapshot;
  readonly schemas: Schemas;
}

/** `Deployment/shop/web` of what an autoscaler counts: the number in the files is only where it began. */
function scaledObjects({ objects }: Snapshot): ReadonlySet<string> {
  const autoscalers = objects.filter(
    ({ group, kind }) => group === 'autoscaling' && kind === 'HorizontalPodAutoscaler',
  );
  return new Set(
    autoscalers.map(({ namespace, raw }) => {
      const target = asObject(asObject(raw['spec'])['scaleTargetRef']);
      return `${asString(target['kind']) ?? ''}/${namespace}/${asString(target['name']) ?? ''}`;
    }),
  );
}

function isScaledCount(
  { kind, namespace, name }: KubeObject,
  { path }: DeclaredDifference,
  scaled: ReadonlySet<string>,
): boolean {
  return path.join('/') === 'spec/replicas' && scaled.has(`${kind}/${namespace}/${name}`);
}

function compareObjects({ files, live, schemas }: Sides): DriftAnswer {
  const inventory = createInventory(files);
  const scaled = scaledObjects(live);
  const byKey = new Map(live.objects.map((object) => [keyOf(object), object]));
  const declaredKeys = new Set(files.objects.map(keyOf));
  const changed: DriftAnswer['changed'][number][] = [];
  const missing: DriftAnswer['missing'][number][] = [];
  const unknown: Identity[] = [];
  let same = 0;
  for (const object of files.objects) {
    const found = byKey.get(keyOf(object));
    if (found === undefined) {
      if (isHidden(object, live)) unknown.push(identityOf(object));
      else missing.push({ object: identityOf(object), position: positionOf(inventory, object, []) });
      continue;
    }
    const fields = declaredDifferences(schemas, live.facts.minor, object.raw, found.raw)
      .filter((difference) => !isScaledCount(object, difference, scaled))
      .map((difference) => toField(difference, object, positionOf(inventory, object, difference.path)));
    if (fields.length === 0) same += 1;
    else changed.push({ object: identityOf(object), fields });
  }
  const namespaces = new Set(files.objects.map(({ namespace }) => namespace));
  const besides = appObjects(live).filter(
    (object) => namespaces.has(object.namespace) && !declaredKeys.has(keyOf(object)),
  );
  const context = live.facts.cluster?.context ?? '';
  return { schema: 'nowwhat.dev/drift/v1', context, same, changed, missing, besides: besides.map(identityOf), unknown };
}

/** Reads the files, then the namespaces of the cluster that they are about. Nothing is changed. */
export async function findDrift({ inputs, reading, cluster }: DriftWish, outside: Outside): Promise<DriftAnswer> {
  const { snapshot: files } = await readApp({ ...reading, inputs }, outside);
  const named = new Set(files.objects.map(({ namespace }) => namespace).filter((namespace) => namespace !== ''));
  const wish = { ...reading, inputs: [], cluster: { ...cluster, namespaces: [...named].sort(), allNamespaces: false } };
  const { snapshot: live } = await readApp(wish, outside);
  return compareObjects({ files, live, schemas: await loadSchemas() });
}
