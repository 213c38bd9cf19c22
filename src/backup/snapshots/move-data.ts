// Moves what snapshots hold into the store: a claim is made from each, a helper pod reads it, kopia saves it, and all of it goes again with the snapshot.

import { randomBytes } from 'node:crypto';
import { createObject } from '../../api/index.ts';
import { asObject, asString, type JsonObject } from '../../model/index.ts';
import { labelValueOf } from '../restore/label-value.ts';
import { movedPath } from '../volumes/kopia.ts';
import type { MovingVolumes } from '../volumes/moving-volumes.ts';
import { volumeError } from '../volumes/run-helper.ts';
import { failureText, type FilesToSave, type SavedFiles, saveFiles } from '../volumes/save-files.ts';
import { awaitCopyGone, complaintOfCopy, copyClaim, removeCopy } from './copy-claim.ts';
import { claimsOfPod } from './claims-of-pod.ts';
import type { MovedFacts } from './data-upload.ts';
import { factsOf, type ReadySnapshot, type SnapshotToTake } from './snapshot-objects.ts';
import { ownMarks } from './snapshot-words.ts';

export interface MovingSnapshots {
  readonly moving: MovingVolumes;
  readonly backup: string;
  readonly veleroNamespace: string;
  readonly storageLocation: string;
  /** Where the backup goes, for who finds what is left of it. */
  readonly store: string;
  /** Milliseconds until a volume can be made from a snapshot; it may take as long as the snapshot itself. */
  readonly timeout: number;
  /** Of a pod that uses a claim, by the claim's `namespace/name`: who may read it, and where it may run. */
  readonly podSpecs: ReadonlyMap<string, JsonObject>;
  /** Persistent volumes by name. */
  readonly volumes: ReadonlyMap<string, JsonObject>;
}

/** A snapshot that can be used, and the claim that it is of. */
export interface SnapshotToMove {
  readonly toTake: SnapshotToTake;
  readonly claim: JsonObject;
  readonly ready: ReadySnapshot;
  /** Among all of the backup. */
  readonly index: number;
  /** Of its namespace. */
  readonly isFirst: boolean;
}

interface Place {
  readonly namespace: string;
  readonly name: string;
}

export class SnapshotMover {
  private readonly how: MovingSnapshots;
  /** Claims that are there. */
  private readonly copies = new Set<Place>();

  constructor(how: MovingSnapshots) {
    this.how = how;
  }

  get concurrency(): number {
    return this.how.moving.concurrency;
  }

  /** Throws `UserError` where its data cannot be moved; the claim is gone in any case. */
  async move(toMove: SnapshotToMove): Promise<MovedFacts> {
    const { backup, veleroNamespace, storageLocation, timeout } = this.how;
    const { toTake, claim, ready } = toMove;
    const storageClass = this.classOf(toMove);
    const files = await this.throughCopy(toMove, storageClass);
    const suffix = randomBytes(3).toString('hex');
    const facts = { backup, veleroNamespace, storageLocation, timeout, suffix };
    return { ...facts, toTake, claim, storageClass, ready, files };
  }

  /** For a program that is ended in the middle. */
  async discard(): Promise<void> {
    const { client } = this.how.moving.context;
    await Promise.allSettled([...this.copies].map((place) => removeCopy(client, place)));
  }

  /** A claim without a class is of the one that its volume names. */
  private classOf({ toTake, claim }: SnapshotToMove): string {
    const volume = asObject(this.how.volumes.get(toTake.volume)?.['spec']);
    return asString(asObject(claim['spec'])['storageClassName']) ?? asString(volume['storageClassName']) ?? '';
  }

  private async throughCopy(toMove: SnapshotToMove, storageClass: string): Promise<SavedFiles> {
    const { client, sleep } = this.how.moving.context;
    const place = {
      namespace: toMove.toTake.namespace,
      name: `nowwhat-copy-${randomBytes(4).toString('hex')}`,
    };
    this.copies.add(place);
    try {
      await this.makeCopy(place, toMove, storageClass);
      return await this.save(place, toMove);
    } finally {
      await removeCopy(client, place);
      await awaitCopyGone(client, place, sleep);
      this.copies.delete(place);
    }
  }

  private async makeCopy(place: Place, { claim, ready }: SnapshotToMove, storageClass: string): Promise<void> {
    const { moving, backup, store } = this.how;
    const { snapshotName, size } = factsOf(ready);
    const marks = {
      label: labelValueOf(backup),
      annotations: { [ownMarks.backup]: backup, [ownMarks.store]: store },
    };
    const copy = copyClaim({ ...place, claim, storageClass, snapshot: snapshotName, size, marks });
    await createObject(moving.context.client, { group: '', version: 'v1', resource: 'persistentvolumeclaims' }, copy);
  }

  private async save(place: Place, toMove: SnapshotToMove): Promise<SavedFiles> {
    const { moving, backup } = this.how;
    const { client, signal } = moving.context;
    try {
      return await saveFiles({ ...moving, backup }, this.filesOf(place, toMove), () => Promise.resolve());
    } catch (error) {
      signal.throwIfAborted();
      const complaint = await complaintOfCopy(client, place).catch(() => '');
      throw complaint === '' ? error : volumeError(`${failureText(error)}; ${complaint}`, error);
    }
  }

  private filesOf({ name }: Place, { toTake, index, isFirst }: SnapshotToMove): FilesToSave {
    const { podSpecs, timeout } = this.how;
    const { namespace, claim } = toTake;
    return {
      title: `${namespace}/${claim}`,
      namespace,
      source: { persistentVolumeClaim: { claimName: name } },
      podSpec: podSpecs.get(`${namespace}/${claim}`) ?? {},
      path: movedPath({ namespace, claim }),
      record: { namespace, pod: '', name: claim, node: '', claim },
      sweeps: isFirst,
      list: `moved-${index}`,
      patience: timeout,
    };
  }
}

/** Pods of a backup by the claims that they use, as `namespace/name`. */
export function podSpecsOfClaims(pods: readonly JsonObject[]): ReadonlyMap<string, JsonObject> {
  const found = new Map<string, JsonObject>();
  for (const pod of pods)
    for (const key of claimsOfPod(pod)) if (!found.has(key)) found.set(key, asObject(pod['spec']));
  return found;
}
