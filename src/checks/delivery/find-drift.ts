// What a cluster has otherwise than the files declare, has not, or has besides. Made once for an inventory of both.

import { followPath, type Inventory } from '../../inventory/index.ts';
import { isControlled, isInEveryNamespace } from '../../kube/made-objects.ts';
import { type FieldWriter, writersOf } from '../../kube/managed-fields.ts';
import { type DeclaredDifference, declaredDifferences, type Schemas } from '../../kube/schema/index.ts';
import { systemNamespaces } from '../../kube/system-namespaces.ts';
import {
  asArray,
  asObject,
  asString,
  isJsonObject,
  isListOf,
  type Json,
  type JsonObject,
  type KubeObject,
  type Path,
  renderJson,
  valueAt,
} from '../../model/index.ts';
import { findSecretText } from '../secrets/find-secret-text.ts';

export interface DriftedField {
  /** Place in the declared object. */
  readonly path: Path;
  /** JSON text; what looks like a secret is withheld. */
  readonly declared: string;
  /** JSON text; absent where the live object has no such field. */
  readonly live?: string;
  /** Who wrote what is there now, where the cluster tells. */
  readonly writer?: FieldWriter;
}

const withheld = '(withheld)';

/** The value without what looks like a secret: drift is often about settings, and settings hold passwords. */
export function withholdSecrets(value: Json, key: string): Json {
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
  const text = renderJson(withholdSecrets(value, key));
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}

function toField({ path, declared, live }: DeclaredDifference, written: JsonObject, running: JsonObject): DriftedField {
  const key = keyOfField(written, path);
  const there = followPath(written, running, path);
  const writer = there.isWhole ? writersOf(running, there.path)[0] : undefined;
  return {
    path,
    declared: jsonText(declared, key),
    ...(live === undefined ? {} : { live: jsonText(live, key) }),
    ...(writer === undefined ? {} : { writer }),
  };
}

/** `Deployment/shop/web` of what an autoscaler counts: the number in the files is only where it began. */
function scaledObjects(inventory: Inventory): ReadonlySet<string> {
  return new Set(
    inventory.glimpse('autoscaling/HorizontalPodAutoscaler').map(({ namespace, raw }) => {
      const target = asObject(asObject(raw['spec'])['scaleTargetRef']);
      return `${asString(target['kind']) ?? ''}/${namespace}/${asString(target['name']) ?? ''}`;
    }),
  );
}

function isScaledCount({ kind, namespace, name }: KubeObject, path: Path, inventory: Inventory): boolean {
  return path.join('/') === 'spec/replicas' && inventory.derive(scaledObjects).has(`${kind}/${namespace}/${name}`);
}

const copy = 'kubectl.kubernetes.io/last-applied-configuration';

/** Without kubectl's copy of the object, which files have that were saved from a cluster: it declares nothing, and holds the values of a Secret once more. */
function withoutCopy(raw: JsonObject): JsonObject {
  const metadata = asObject(raw['metadata']);
  const { [copy]: copied, ...annotations } = asObject(metadata['annotations']);
  if (copied === undefined) return raw;
  const { annotations: _, ...others } = metadata;
  return { ...raw, metadata: Object.keys(annotations).length === 0 ? others : { ...others, annotations } };
}

/** Fields of an object that runs otherwise than its files declare; none for one that no file declares. */
export function findDriftedFields(object: KubeObject, inventory: Inventory, schemas: Schemas): readonly DriftedField[] {
  const { declared, raw } = object;
  if (declared === undefined) return [];
  return declaredDifferences(schemas, inventory.snapshot.facts.minor, withoutCopy(declared.raw), raw)
    .filter(({ path }) => !isScaledCount(object, path, inventory))
    .map((difference) => toField(difference, declared.raw, raw));
}

/** True for an object of the files that should be in the cluster and is not, or cannot be seen there. */
export function isOnlyInFiles({ source, declared }: KubeObject): boolean {
  // A hook runs when the chart is installed, and is often gone afterwards.
  return declared === undefined && source.origin.kind !== 'cluster' && source.origin.hook === undefined;
}

/** Whether the object may be in the cluster, in a list that nobody could make. */
export function mayBeHidden({ group, kind, namespace }: KubeObject, { snapshot }: Inventory): boolean {
  return (snapshot.facts.cluster?.notListed ?? []).some(
    (list) => isListOf(list, group, kind) && (list.namespace === '' || list.namespace === namespace),
  );
}

/** Beginnings of the names of claims that StatefulSets make of their templates: `shop/data-db-` for template `data` of `db`. */
function madeClaims(inventory: Inventory): readonly string[] {
  return inventory.glimpse('apps/StatefulSet').flatMap(({ namespace, name, raw }) =>
    asArray(asObject(raw['spec'])['volumeClaimTemplates']).map((template) => {
      const claim = asString(asObject(asObject(template)['metadata'])['name']) ?? '';
      return `${namespace}/${claim}-${name}-`;
    }),
  );
}

function isMadeClaim({ group, kind, namespace, name }: KubeObject, inventory: Inventory): boolean {
  if (group !== '' || kind !== 'PersistentVolumeClaim') return false;
  const full = `${namespace}/${name}`;
  return inventory
    .derive(madeClaims)
    .some((beginning) => full.startsWith(beginning) && /^\d+$/.test(full.slice(beginning.length)));
}

function declaredNamespaces({ objects }: Inventory): ReadonlySet<string> {
  const inFiles = objects.filter(({ source, declared }) => declared !== undefined || source.origin.kind !== 'cluster');
  return new Set(
    inFiles.map(({ namespace }) => namespace).filter((each) => each !== '' && !systemNamespaces.has(each)),
  );
}

/** True for an object in a namespace of the files that somebody wrote and no file declares. Secrets are rightly kept out of files. */
export function isOnlyInCluster(object: KubeObject, inventory: Inventory): boolean {
  const { declared, source, group, kind, namespace } = object;
  if (declared !== undefined || source.origin.kind !== 'cluster') return false;
  if (group === '' && kind === 'Secret') return false;
  return (
    inventory.derive(declaredNamespaces).has(namespace) &&
    !isControlled(object) &&
    !isInEveryNamespace(object) &&
    !isMadeClaim(object, inventory)
  );
}
