// An object on its way into another namespace: every reference in it that must follow does, and each is told.

import { decodeBase64, encodeBase64 } from '../base64.ts';
import { asArray, asObject, asString, isJsonObject, type Json, type JsonObject, type Path } from '../../model/index.ts';
import { isKnownKind, meaningOf } from './reference-fields.ts';
import { type FieldPlace, plainText, relocateField } from './relocate-field.ts';
import { movedLabels, relocateMatch, relocateNamespaceSelector } from './relocate-selector.ts';
import { createNotes, type Notes, type Relocation } from './relocation.ts';
import { prepareRoute } from './prepare-route.ts';
import { decodeUtf8, encodeUtf8 } from './utf8.ts';

export interface RelocatedObject extends Notes {
  readonly object: JsonObject;
}

/** What an object is, or what somebody else says of it: no reference stands there. */
const untouched: ReadonlySet<string> = new Set([
  'apiVersion',
  'kind',
  'status',
  'metadata.name',
  'metadata.generateName',
  'metadata.namespace',
  'metadata.uid',
  'metadata.resourceVersion',
  'metadata.creationTimestamp',
  'metadata.deletionTimestamp',
  'metadata.managedFields',
  'metadata.ownerReferences',
  'metadata.finalizers',
  'metadata.selfLink',
]);

/** Values of these keys are labels or images, wherever they stand. */
const noText: ReadonlySet<string> = new Set(['labels', 'image', 'imageID', 'caBundle']);

interface Step {
  /** With dots, and `[]` for an index. */
  readonly pattern: string;
  readonly path: Path;
  /** Name of a variable, key or flag that the value belongs to. */
  readonly hint: string;
}

const namespaceHint = /(?:^|[._-])(?:namespaces?|ns)$/i;
const camelNamespace = /[a-z]Namespaces?$/;

function isNamespaceSelector(key: string, { pattern }: Step): boolean {
  return /(?:^n|N)amespaceSelector$/.test(key) || pattern.endsWith('.namespaces.selector');
}

/** Where an app is told what to do. */
const settingPlace = /(?:\benv\[\]\.value|\b(?:args|command)\[\])$|^data\.|\bmetadata\.annotations\./;

/** Rules for calls inside of a mesh: hosts of the world outside are called, not answered to. Source: Istio, VirtualService, gateways. */
function isMeshOnly(object: JsonObject): boolean {
  return asArray(asObject(object['spec'])['gateways']).every((each) => each === 'mesh');
}

class Relocating {
  readonly notes: Notes = createNotes();
  private readonly kindAndGroup: string;
  private readonly moving: Relocation;
  private readonly isMeshOnly: boolean;

  constructor(object: JsonObject, moving: Relocation) {
    const [group = ''] = (asString(object['apiVersion']) ?? '').split('/').slice(0, -1);
    this.kindAndGroup = group === '' ? `${asString(object['kind'])}` : `${asString(object['kind'])}.${group}`;
    this.moving = moving;
    this.isMeshOnly = this.kindAndGroup === 'VirtualService.networking.istio.io' && isMeshOnly(object);
  }

  private placeAt(path: Path): FieldPlace {
    return { path, moving: this.moving, notes: this.notes };
  }

  visit(value: Json, step: Step): Json | undefined {
    if (untouched.has(step.pattern)) return value;
    const meaning =
      this.isMeshOnly && step.pattern === 'spec.hosts' ? undefined : meaningOf(this.kindAndGroup, step.pattern);
    if (meaning !== undefined) return this.known(value, step, meaning);
    if (typeof value === 'string') return this.text(value, step);
    if (Array.isArray(value)) return this.list(value, step);
    return isJsonObject(value) ? this.fields(value, step) : value;
  }

  /** What else is in the value is looked at too: a rule of an Ingress holds more than its host. */
  private known(value: Json, step: Step, meaning: Exclude<ReturnType<typeof meaningOf>, undefined>): Json | undefined {
    const changed = relocateField(meaning, value, this.placeAt(step.path));
    if (Array.isArray(changed) && changed.some(isJsonObject)) return this.list(changed, step);
    return isJsonObject(changed) ? this.fields(changed, step) : changed;
  }

  private text(value: string, { pattern, path, hint }: Step): string {
    const place = { ...this.placeAt(path), isSetting: settingPlace.test(pattern) };
    const isNamespace = namespaceHint.test(hint) || camelNamespace.test(hint);
    return isNamespace ? this.namespaceNames(value, place) : plainText(value, place);
  }

  /** The value of something that is called a namespace: one, or several with commas. */
  private namespaceNames(value: string, place: FieldPlace): string {
    const isName = (each: string): boolean => this.moving.namespaces.has(each.trim());
    if (!value.split(',').some(isName)) return plainText(value, place);
    const after = value.replaceAll(/[^,\s]+/g, (name) => this.moving.namespaces.get(name) ?? name);
    this.notes.rewrites.push({ path: place.path, before: value, after });
    return after;
  }

  /** A flag and its value may be two items: `--namespace`, `shop`. */
  private list(items: readonly Json[], { pattern, path, hint }: Step): Json {
    return items.flatMap((item, index): Json[] => {
      const before = items[index - 1];
      const flag = typeof before === 'string' && /^--[\w-]+$/.test(before) ? before : hint;
      const made = this.visit(item, { pattern: `${pattern}[]`, path: [...path, index], hint: flag });
      return made === undefined ? [] : [made];
    });
  }

  private fields(object: JsonObject, step: Step): JsonObject {
    const name = asString(object['name']);
    const entries = Object.entries(object).flatMap(([key, value]) => {
      const inside: Step = {
        pattern: step.pattern === '' ? key : `${step.pattern}.${key}`,
        path: [...step.path, key],
        hint: key === 'value' && name !== undefined ? name : key,
      };
      const made = value === undefined ? undefined : this.field(key, value, inside, object);
      return made === undefined ? [] : [[key, made] as const];
    });
    return Object.fromEntries(entries);
  }

  private field(key: string, value: Json, step: Step, beside: JsonObject): Json | undefined {
    const place = this.placeAt(step.path);
    if (noText.has(key)) return value;
    if (isNamespaceSelector(key, step) && isJsonObject(value) && value['matchNames'] === undefined)
      return relocateNamespaceSelector(value, place);
    if (key === 'matchLabels' || key === 'matchExpressions') return relocateMatch(key, value, place);
    if (typeof value === 'string' && this.isUnknownNamespace(key, step))
      return this.namespaceBeside(value, place, beside);
    return this.visit(value, step);
  }

  /** Keys of a ConfigMap and of annotations are names that somebody chose. */
  private isUnknownNamespace(key: string, { pattern }: Step): boolean {
    if (key !== 'namespace' || untouched.has(pattern) || /^data\.|\bannotations\./.test(pattern)) return false;
    return meaningOf(this.kindAndGroup, pattern) === undefined;
  }

  /** A field `namespace` that no table knows: with a name of something that moves beside it, it is that one's. */
  private namespaceBeside(value: string, place: FieldPlace, { name, kind }: JsonObject): string {
    const moved = this.moving.namespaces.get(value);
    if (moved === undefined) return value;
    if (this.goesAlong(value, asString(name), asString(kind)) || isKnownKind(this.kindAndGroup)) {
      this.notes.rewrites.push({ path: place.path, before: value, after: moved });
      return moved;
    }
    this.notes.left.push({
      path: place.path,
      text: value,
      reason: `what this field of ${this.kindAndGroup} means is not known`,
    });
    return value;
  }

  private goesAlong(namespace: string, name: string | undefined, kind: string | undefined): boolean {
    if (name === undefined) return false;
    const { objects } = this.moving;
    if (kind !== undefined) return objects.has(`${kind} ${namespace}/${name}`);
    return ['Secret', 'ConfigMap', 'Service', 'ServiceAccount', 'PersistentVolumeClaim'].some((each) =>
      objects.has(`${each} ${namespace}/${name}`),
    );
  }
}

/** Values are read as text where they are text; what was found in them is not told, only in which key. */
function relocateSecret(object: JsonObject, moving: Relocation, notes: Notes): JsonObject {
  const change = (value: Json | undefined, path: Path, isBase64: boolean): Json | undefined => {
    const raw = asString(value);
    const text = raw === undefined ? undefined : isBase64 ? decodeUtf8(decodeBase64(raw)) : raw;
    if (text === undefined) return value;
    const inside = createNotes();
    const changed = plainText(text, { path, moving, notes: inside, isSetting: true });
    for (const { reason } of inside.left) notes.left.push({ path, reason });
    if (changed === text) return value;
    notes.rewrites.push({ path });
    return isBase64 ? encodeBase64(encodeUtf8(changed)) : changed;
  };
  const part = (field: 'data' | 'stringData'): JsonObject => {
    if (!isJsonObject(object[field])) return {};
    const entries = Object.entries(asObject(object[field]));
    return {
      [field]: Object.fromEntries(entries.map(([key, value]) => [key, change(value, [field, key], field === 'data')])),
    };
  };
  return { ...part('data'), ...part('stringData') };
}

function relocateMetadata(object: JsonObject, { namespaces }: Relocation): JsonObject {
  const metadata = asObject(object['metadata']);
  if (object['kind'] === 'Namespace') {
    const old = asString(metadata['name']) ?? '';
    const next = namespaces.get(old) ?? old;
    const labels =
      metadata['labels'] === undefined ? {} : { labels: movedLabels(asObject(metadata['labels']), old, next) };
    return { ...metadata, name: next, ...labels };
  }
  const namespace = asString(metadata['namespace']);
  return namespace === undefined ? metadata : { ...metadata, namespace: namespaces.get(namespace) ?? namespace };
}

/**
 * The object as it is in the new place. References to what does not move stay. Values of Secrets are in no note. Source of what a field means: the table in
 * `reference-fields.ts`; texts are searched for names of Services and namespaces that are named as such.
 */
export function relocateObject(object: JsonObject, moving: Relocation): RelocatedObject {
  const relocating = new Relocating(object, moving);
  const { notes } = relocating;
  const isSecret = object['kind'] === 'Secret' && object['apiVersion'] === 'v1';
  const { data, stringData, ...rest } = object;
  const visible = isSecret ? rest : prepareRoute(object, moving, notes);
  const walked = asObject(relocating.visit(visible, { pattern: '', path: [], hint: '' }));
  const secret = isSecret ? relocateSecret({ data, stringData }, moving, notes) : {};
  return { object: { ...walked, ...secret, metadata: relocateMetadata(walked, moving) }, ...notes };
}
