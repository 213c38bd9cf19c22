// What a clone is asked for, and what it will make: plain values, shown before anything is written.

import type { JsonObject } from '../../model/index.ts';
import type { HostMap } from '../../kube/relocation/index.ts';
import type { EntryPlace } from '../archive/entry-names.ts';
import type { VolumeRecord } from '../volumes/velero-records.ts';
import type { SecretRules } from './secret-rules.ts';

/** An object of the original, or of its copy. */
export interface ClonedObject {
  readonly place: EntryPlace;
  readonly object: JsonObject;
}

/** The original as it was read. */
export interface CloneSource {
  readonly namespace: string;
  /** Those of the namespace, with its own, and those of the cluster that it needs. */
  readonly objects: readonly ClonedObject[];
  /** What could not be read. */
  readonly problems: readonly string[];
  /** References from outside that a copy does not get, in words. */
  readonly outside: readonly ObjectNote[];
}

/** Where the data come from: the volumes of the original, what a backup holds of them, or nowhere. */
export type CloneData =
  | { readonly from: 'original' }
  | { readonly from: 'backup'; readonly records: readonly VolumeRecord[] }
  | { readonly from: 'nothing' };

export interface CloneWish {
  readonly name: string;
  /** The copy goes to another cluster than the original is in. */
  readonly toOtherCluster: boolean;
  readonly hosts: HostMap;
  readonly domains: readonly string[];
  readonly secrets: SecretRules;
  readonly data: CloneData;
  /** At most as many pods of each workload. */
  readonly replicas?: number | undefined;
  /** What acts by the clock or by load does nothing in the copy. */
  readonly suspend: boolean;
  readonly fence: boolean;
  /** Webhook configurations are copied also where nobody is known to give them a certificate. */
  readonly webhooks: boolean;
  readonly storageClasses: ReadonlyMap<string, string>;
  readonly images: readonly (readonly [from: string, to: string])[];
  /** ISO time after which the copy may be removed. */
  readonly expires?: string | undefined;
  /** Values of Secrets that an earlier run has made: `secret/key` → base64. */
  readonly made: ReadonlyMap<string, string>;
  readonly random: (bytes: number) => Uint8Array;
}

/** Names an object in the original's words: `ConfigMap settings`. */
export interface ObjectNote {
  readonly object: string;
  readonly text: string;
}

export interface ReferenceNote {
  readonly object: string;
  /** JSON pointer. */
  readonly field: string;
}

export interface RewriteNote extends ReferenceNote {
  /** Left out for values of Secrets. */
  readonly before?: string;
  readonly after?: string;
}

export interface LeftNote extends ReferenceNote {
  readonly text?: string;
  readonly reason: string;
}

export interface SecretNote {
  readonly secret: string;
  readonly key: string;
  readonly what: 'fresh' | 'masked' | 'replaced';
}

/** A claim of the copy. */
export interface PlannedVolume {
  readonly claim: string;
  readonly from: 'original' | 'backup' | 'nothing';
  /** The pod that may write to the original meanwhile. */
  readonly pod?: string;
  /** Why it stays empty. */
  readonly reason?: string;
}

/** Something that a person has to decide, and how. */
export interface Decision extends ObjectNote {
  readonly how: string;
}

export interface ClonePlan {
  readonly of: string;
  readonly name: string;
  readonly expires?: string | undefined;
  /** As they will be created, but for what the cluster adds. */
  readonly objects: readonly ClonedObject[];
  readonly rewrites: readonly RewriteNote[];
  readonly left: readonly LeftNote[];
  readonly secrets: readonly SecretNote[];
  readonly volumes: readonly PlannedVolume[];
  /** Scaled down, suspended, closed: what else is otherwise than in the original. */
  readonly changes: readonly ObjectNote[];
  readonly leftOut: readonly ObjectNote[];
  readonly decisions: readonly Decision[];
  readonly problems: readonly string[];
}

/** Kind and name as a person says them. */
export function wordsFor({ object, place }: ClonedObject): string {
  return `${typeof object['kind'] === 'string' ? object['kind'] : place.groupResource} ${place.name}`;
}
