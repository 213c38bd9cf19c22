// The files of an export: a manifest for each object that somebody would write, and a page that says which Secrets have to be there.

import { asObject, asString, type JsonObject } from '../../model/index.ts';
import { isSealed } from '../seal/seal-secrets.ts';
import { claimsOfSet, isMadeClaim, type LeftOut, leftOutFor } from './choose-objects.ts';
import { cleanObject, type CleanSetting } from './clean-object.ts';

/** A Secret that the app needs: its keys, and no value. */
export interface NeededSecret {
  readonly namespace: string;
  readonly name: string;
  readonly type: string;
  readonly keys: readonly string[];
}

export interface ExportedObject {
  /** Below the folder: `deployment-web.yaml`, or `shop/deployment-web.yaml` where there are several namespaces. */
  readonly file: string;
  readonly object: JsonObject;
}

export interface Export {
  readonly objects: readonly ExportedObject[];
  readonly secrets: readonly NeededSecret[];
  /** How many objects were left out, by why. */
  readonly leftOut: Readonly<Record<string, number>>;
}

export interface SourceObject {
  readonly groupResource: string;
  readonly object: JsonObject;
}

/** Made by the cluster or by Helm, and not by the app's author. */
const madeSecrets = /^(?:kubernetes\.io\/service-account-token|helm\.sh\/release\.|bootstrap\.kubernetes\.io\/)/;

function toNeeded(object: JsonObject): NeededSecret | undefined {
  const { metadata, type = 'Opaque', data, stringData } = object;
  const { name, namespace } = asObject(metadata);
  if (madeSecrets.test(asString(type) ?? '')) return undefined;
  // What is sealed does not say its keys.
  const keys = isSealed(object)
    ? []
    : [...new Set([...Object.keys(asObject(data)), ...Object.keys(asObject(stringData))])].toSorted();
  return { namespace: asString(namespace) ?? '', name: asString(name) ?? '', type: asString(type) ?? '', keys };
}

/** Letters, digits, dots and dashes: a name that every file system takes, whatever the object is called. */
function safe(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, '-')
    .replace(/^\.+/, '');
}

class Exporting {
  readonly leftOut = new Map<string, number>();
  readonly secrets: NeededSecret[] = [];
  readonly objects: { readonly groupResource: string; readonly object: JsonObject }[] = [];
  private readonly made: string[] = [];
  private readonly setting: CleanSetting;

  constructor(setting: CleanSetting) {
    this.setting = setting;
  }

  note({ groupResource, object }: SourceObject): void {
    const why = leftOutFor(groupResource, object);
    if (groupResource === 'statefulsets.apps') this.made.push(...claimsOfSet(object));
    if (why === undefined) this.objects.push({ groupResource, object: cleanObject(object, this.setting) });
    else this.leave(why);
    const needed = why === 'Secret' ? toNeeded(object) : undefined;
    if (needed !== undefined) this.secrets.push(needed);
  }

  private leave(why: LeftOut): void {
    this.leftOut.set(why, (this.leftOut.get(why) ?? 0) + 1);
  }

  end(): Export {
    const kept = this.objects.filter(({ groupResource, object }) => {
      const { name, namespace } = asObject(object['metadata']);
      const isMade =
        groupResource === 'persistentvolumeclaims' &&
        isMadeClaim(this.made, asString(namespace) ?? '', asString(name) ?? '');
      if (isMade) this.leave('made for a StatefulSet');
      return !isMade;
    });
    const objects = nameFiles(kept.map(({ object }) => object));
    return { objects, secrets: this.secrets, leftOut: Object.fromEntries(this.leftOut) };
  }
}

/** A folder for each namespace where there are several; objects of the cluster stand with the only one. */
function nameFiles(objects: readonly JsonObject[]): ExportedObject[] {
  const namespaces = new Set(objects.flatMap(({ metadata }) => asString(asObject(metadata)['namespace']) ?? []));
  const taken = new Set<string>();
  const named = objects.map((object) => {
    const { name, namespace } = asObject(object['metadata']);
    const folder = namespaces.size < 2 ? '' : `${safe(asString(namespace) ?? 'cluster')}/`;
    const stem = `${folder}${safe(asString(object['kind']) ?? '')}-${safe(asString(name) ?? '')}`;
    let file = `${stem}.yaml`;
    for (let at = 2; taken.has(file); at += 1) file = `${stem}-${at}.yaml`;
    taken.add(file);
    return { file, object };
  });
  return named.toSorted((a, b) => (a.file < b.file ? -1 : 1));
}

/** Objects as they come; only what is exported is kept. */
export async function assembleExport(objects: AsyncIterable<SourceObject>, setting: CleanSetting): Promise<Export> {
  const exporting = new Exporting(setting);
  for await (const each of objects) exporting.note(each);
  return exporting.end();
}
