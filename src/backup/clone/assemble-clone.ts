// The plan of a clone: from the objects of the original to those of the copy, with all that was changed on the way. Pure.

import { clusterDomain, type RelocatedObject, type Relocation, relocateObject } from '../../kube/relocation/index.ts';
import {
  asArray,
  asObject,
  asString,
  isJsonObject,
  type Json,
  type JsonObject,
  toJsonPointer,
  UserError,
} from '../../model/index.ts';
import { fencePolicy } from '../drill/fence.ts';
import { prepareObject } from '../restore/prepare-object.ts';
import { chooseObjects } from './choose-objects.ts';
import {
  type ClonedObject,
  type ClonePlan,
  type CloneSource,
  type CloneWish,
  type Decision,
  type LeftNote,
  type ObjectNote,
  type RewriteNote,
  wordsFor,
} from './clone-plan.ts';
import { cloneAnnotations, cloneLabel, stampObject } from './clone-marks.ts';
import { copyClusterObject, isClusterCopy } from './copy-cluster-objects.ts';
import { Credentials, isSecret } from './credentials.ts';
import { findDecisions } from './find-decisions.ts';
import { planVolumes, volumeDecisions } from './plan-volumes.ts';
import { tameObject } from './tame-object.ts';

function serviceNames(objects: readonly ClonedObject[]): Set<string> {
  return new Set(
    objects.flatMap(({ place: { groupResource, namespace, name } }) =>
      groupResource === 'services' ? [`${namespace}/${name}`] : [],
    ),
  );
}

function serviceAddresses(objects: readonly ClonedObject[]): Map<string, string> {
  return new Map(
    objects.flatMap(({ place: { groupResource, namespace, name }, object }) => {
      if (groupResource !== 'services') return [];
      const { clusterIP, clusterIPs } = asObject(object['spec']);
      const addresses = [clusterIP, ...asArray(clusterIPs)].map((each) => asString(each) ?? '');
      return addresses.flatMap((each): [string, string][] =>
        /[.:]/.test(each) ? [[each, `${namespace}/${name}`]] : [],
      );
    }),
  );
}

function relocationOf({ namespace, objects }: CloneSource, { name, hosts, domains }: CloneWish): Relocation {
  const own = objects.find(({ place }) => place.groupResource === 'namespaces' && place.name === namespace);
  return {
    namespaces: new Map(namespace === name ? [] : [[namespace, name]]),
    services: serviceNames(objects),
    addresses: serviceAddresses(objects),
    objects: new Set(
      objects.map(({ place, object }) => `${asString(object['kind'])} ${place.namespace}/${place.name}`),
    ),
    labels: new Map([[namespace, asObject(asObject(own?.object['metadata'])['labels'])]]),
    domains: [clusterDomain, ...domains],
    hosts,
  };
}

/** What is told of the objects on their way. */
class Notebook {
  readonly rewrites: RewriteNote[] = [];
  readonly left: LeftNote[] = [];
  readonly changes: ObjectNote[] = [];
  readonly leftOut: ObjectNote[] = [];
  readonly decisions: Decision[] = [];

  noteReferences(object: string, { rewrites, left }: RelocatedObject): void {
    for (const { path, ...rest } of rewrites) this.rewrites.push({ object, field: toJsonPointer(path), ...rest });
    for (const { path, ...rest } of left) this.left.push({ object, field: toJsonPointer(path), ...rest });
  }

  noteHosts(object: string, { undecided }: RelocatedObject): void {
    const hosts = [...new Set(undecided.map(({ host }) => host))];
    const names = hosts.map((host) => (host === '*' ? 'any host' : host)).join(', ');
    const rules = hosts.map((host) => `--host '${host}=NEW'`).join(' ');
    this.decisions.push({ object, text: `answers to ${names}, as the original does: not copied`, how: rules });
  }
}

/** Settings outside of Secrets in which a credential may stand. */
function inSettings(
  item: ClonedObject,
  credentials: Credentials,
): { readonly object: JsonObject; readonly isChanged: boolean } {
  let isChanged = false;
  const visit = (value: Json | undefined): Json | undefined => {
    if (typeof value === 'string') {
      const next = credentials.inText(value);
      if (next !== value) isChanged = true;
      return next;
    }
    if (Array.isArray(value)) return value.map((each: Json) => visit(each) ?? null);
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, key === 'name' ? each : visit(each)]));
  };
  const { metadata, apiVersion, kind, ...rest } = item.object;
  return { object: { apiVersion, kind, metadata, ...asObject(visit(rest as JsonObject)) }, isChanged };
}

class Assembling {
  private readonly notes = new Notebook();
  private readonly moving: Relocation;
  private readonly source: CloneSource;
  private readonly wish: CloneWish;

  constructor(source: CloneSource, wish: CloneWish) {
    this.source = source;
    this.wish = wish;
    this.moving = relocationOf(source, wish);
  }

  run(): ClonePlan {
    const { source, wish, notes } = this;
    const chosen = chooseObjects(source.objects, wish);
    notes.leftOut.push(...chosen.leftOut);
    const kept = this.withoutSkipped(chosen.objects);
    const named = this.withoutRefused(kept.flatMap((item) => this.ofCluster(item)));
    const credentials = new Credentials(named.filter(isSecret), {
      rules: wish.secrets,
      made: wish.made,
      random: wish.random,
    });
    const objects = named.flatMap((item) => this.copy(item, credentials));
    notes.decisions.push(...credentials.decisions, ...findDecisions(objects));
    const volumes = planVolumes(source, objects, wish.data);
    return {
      of: source.namespace,
      name: wish.name,
      expires: wish.expires,
      objects: [...this.place(), ...objects],
      rewrites: notes.rewrites,
      left: [...notes.left],
      secrets: credentials.notes,
      volumes,
      changes: notes.changes,
      leftOut: notes.leftOut,
      decisions: [...notes.decisions, ...volumeDecisions(volumes, credentials.notes), ...this.outsideDecisions()],
      problems: source.problems,
    };
  }

  /** What a restore would not bring back either. */
  private withoutSkipped(items: readonly ClonedObject[]): readonly ClonedObject[] {
    const accounts = new Set(
      items.flatMap(({ place }) =>
        place.groupResource === 'serviceaccounts' ? [`${place.namespace}/${place.name}`] : [],
      ),
    );
    const context = {
      backup: '',
      restore: '',
      newUid: () => undefined,
      keepsStatus: () => false,
      mapNamespace: (name: string) => name,
      preserveNodePorts: false,
      storageClasses: new Map<string, string>(),
      images: [],
      hasAccount: (account: string) => accounts.has(account),
    };
    return items.filter((item) => {
      const prepared = prepareObject(item.place.groupResource, item.object, context);
      if ('object' in prepared) return true;
      this.notes.leftOut.push({ object: wordsFor(item), text: prepared.skip });
      return false;
    });
  }

  private withoutRefused(items: readonly ClonedObject[]): readonly ClonedObject[] {
    return items.filter((item) => {
      const isLeftOut = isSecret(item) && this.wish.secrets.ofSecret(item.place.name) === 'leave-out';
      if (isLeftOut) this.notes.leftOut.push({ object: wordsFor(item), text: 'a rule for Secrets says so' });
      return !isLeftOut;
    });
  }

  private ofCluster(item: ClonedObject): ClonedObject[] {
    if (!isClusterCopy(item)) return item.place.groupResource === 'namespaces' ? [] : [item];
    const { name, webhooks } = this.wish;
    const copied = copyClusterObject(item, { of: this.source.namespace, name, webhooks });
    if (copied === undefined) return [];
    if ('decision' in copied) {
      this.notes.decisions.push(copied.decision);
      return [];
    }
    this.notes.changes.push({ object: wordsFor(copied.item), text: copied.text });
    return [copied.item];
  }

  private copy(item: ClonedObject, credentials: Credentials): ClonedObject[] {
    const words = wordsFor(item);
    const tamed = tameObject(item, this.wish);
    const relocated = relocateObject(tamed.object, this.moving);
    if (relocated.undecided.length > 0) {
      this.notes.noteHosts(words, relocated);
      return [];
    }
    for (const text of tamed.told) this.notes.changes.push({ object: words, text });
    this.notes.noteReferences(words, relocated);
    const { place } = item;
    const namespace = place.namespace === '' ? '' : this.wish.name;
    const moved = { place: { ...place, namespace }, object: relocated.object };
    return [{ ...moved, object: stampObject(this.withCredentials(moved, credentials), this.wish.name) }];
  }

  private withCredentials(item: ClonedObject, credentials: Credentials): JsonObject {
    if (credentials.isIdle) return item.object;
    if (isSecret(item)) return credentials.treat(item);
    const { object, isChanged } = inSettings(item, credentials);
    if (isChanged)
      this.notes.changes.push({ object: wordsFor(item), text: 'holds a credential, which is the new one here too' });
    return isChanged ? object : item.object;
  }

  /** The namespace itself, and the fence in it. */
  private place(): ClonedObject[] {
    const { name, expires, fence } = this.wish;
    const { namespace, objects } = this.source;
    const own = objects.find(({ place }) => place.groupResource === 'namespaces' && place.name === namespace);
    const bare: JsonObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
    const relocated = relocateObject(own === undefined ? bare : tameObject(own, this.wish).object, this.moving);
    const metadata = asObject(relocated.object['metadata']);
    const marked: JsonObject = {
      ...relocated.object,
      metadata: {
        ...metadata,
        name,
        labels: { ...asObject(metadata['labels']), [cloneLabel]: name },
        annotations: { ...asObject(metadata['annotations']), ...cloneAnnotations(namespace, expires) },
      },
    };
    const space = { place: { groupResource: 'namespaces', namespace: '', name }, object: marked };
    if (!fence) return [space];
    const policy = stampObject(fencePolicy(name), name);
    const where = { groupResource: 'networkpolicies.networking.k8s.io', namespace: name, name: 'nowwhat-drill' };
    return [space, { place: where, object: policy }];
  }

  private outsideDecisions(): Decision[] {
    return this.source.outside.map(({ object, text }) => ({
      object,
      text,
      how: 'write one for the copy where it needs it',
    }));
  }
}

const label = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;

/** Throws `UserError` where the name of the copy is none. */
export function assembleClone(source: CloneSource, wish: CloneWish): ClonePlan {
  const { name, toOtherCluster } = wish;
  if (!label.test(name))
    throw new UserError(
      'invalid-option',
      `"${name}" cannot be the name of a namespace`,
      'Use small letters, digits and "-", 63 at most.',
    );
  if (name === source.namespace && !toOtherCluster)
    throw new UserError(
      'invalid-option',
      `"${name}" is the original itself`,
      'Name another namespace, or another cluster.',
    );
  return new Assembling(source, wish).run();
}
