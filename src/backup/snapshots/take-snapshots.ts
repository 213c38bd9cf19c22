// Takes CSI snapshots while a backup is written, and lets go of their objects once it is: what the storage system holds then belongs to the backup.

import { randomBytes } from 'node:crypto';
import {
  type ApiClient,
  createObject,
  deleteObject,
  getObject,
  isApiError,
  patchObject,
  resourcePath,
} from '../../api/index.ts';
import { asObject, asString, type JsonObject, parseJson, UserError } from '../../model/index.ts';
import { sortObject } from '../archive/split-list.ts';
import { newSnapshot, type ReadySnapshot, type SnapshotToTake } from './snapshot-objects.ts';
import { snapshotKinds } from './snapshot-words.ts';

export interface TakingSnapshots {
  readonly client: ApiClient;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly now: () => number;
  /** Ends all waiting. */
  readonly signal: AbortSignal;
  /** Milliseconds that one snapshot may take until it can be used. */
  readonly timeout: number;
  readonly backup: string;
  /** Where the backup goes. */
  readonly store: string;
  /** What they hold goes into the store, and they are gone before the backup is whole. */
  readonly movesData: boolean;
  readonly progress: (text: string) => void;
}

interface Names {
  readonly namespace: string;
  readonly name: string;
}

function failed(why: string): UserError {
  return new UserError('volume-failed', why, 'Ask who runs the CSI driver, and run the command again.');
}

async function ignoreMissing(act: Promise<unknown>): Promise<void> {
  try {
    await act;
  } catch (error) {
    if (!isApiError(error, 404)) throw error;
  }
}

function contentOf(snapshot: JsonObject | undefined): string | undefined {
  return asString(asObject(snapshot?.['status'])['boundVolumeSnapshotContentName']);
}

/** Sets what becomes of the storage system's snapshot when its object goes. */
async function setPolicy(client: ApiClient, name: string, deletionPolicy: 'Retain' | 'Delete'): Promise<void> {
  await ignoreMissing(
    patchObject(client, snapshotKinds.contents, { name }, { type: 'merge', body: { spec: { deletionPolicy } } }),
  );
}

/** Removes a snapshot whole, also in the storage system. */
export async function discardSnapshot(client: ApiClient, place: Names): Promise<void> {
  const found = await getObject(client, snapshotKinds.snapshots, place).catch((error: unknown) => {
    if (isApiError(error, 404)) return undefined;
    throw error;
  });
  const content = contentOf(found);
  if (content !== undefined) await setPolicy(client, content, 'Delete');
  await ignoreMissing(deleteObject(client, snapshotKinds.snapshots, place));
}

/** From here on the storage system keeps the snapshot whatever becomes of its objects. */
export async function retainSnapshot(client: ApiClient, place: Names): Promise<string | undefined> {
  const content = contentOf(await getObject(client, snapshotKinds.snapshots, place));
  if (content !== undefined) await setPolicy(client, content, 'Retain');
  return content;
}

/** The objects go, and the storage system's snapshot stays. */
export async function releaseSnapshot(client: ApiClient, place: Names): Promise<void> {
  const content = await retainSnapshot(client, place).catch((error: unknown) => {
    if (isApiError(error, 404)) return undefined;
    throw error;
  });
  await ignoreMissing(deleteObject(client, snapshotKinds.snapshots, place));
  if (content !== undefined) await ignoreMissing(deleteObject(client, snapshotKinds.contents, { name: content }));
}

/** An object, and its text as an archive holds it: every digit of its numbers. */
export async function readExactly(
  client: ApiClient,
  kind: (typeof snapshotKinds)[keyof typeof snapshotKinds],
  name: { readonly namespace?: string; readonly name: string },
): Promise<{ readonly object: JsonObject; readonly text: Buffer }> {
  const { content: text } = sortObject(await client.requestBytes({ path: resourcePath(kind, name) }));
  return { object: asObject(parseJson(text.toString('utf8'))), text };
}

/** Between looks: short at first, because an app may stand still meanwhile. */
const [early, late, earlyFor] = [500, 2000, 10_000];

/** One snapshot, from its creation until it is let go of or removed. */
export class Snapshotting {
  readonly toTake: SnapshotToTake;
  private readonly how: TakingSnapshots;
  private begun = 0;
  private place: Names | undefined;

  constructor(how: TakingSnapshots, toTake: SnapshotToTake) {
    this.how = how;
    this.toTake = toTake;
  }

  private get title(): string {
    return `${this.toTake.namespace}/${this.toTake.claim}`;
  }

  /** Creates it, and waits until the moment that it shows is past: what the app writes from then on is not in it. */
  async cut(claim: JsonObject): Promise<void> {
    const { client, backup, store, progress, now, movesData } = this.how;
    this.begun = now();
    const making = { backup, store, movesData, suffix: randomBytes(3).toString('hex') };
    const snapshot = newSnapshot(this.toTake, claim, making);
    this.place = { namespace: this.toTake.namespace, name: asString(asObject(snapshot['metadata'])['name']) ?? '' };
    progress(`${this.title}: taking a snapshot`);
    await createObject(client, snapshotKinds.snapshots, snapshot);
    await this.waitFor(({ content }) => asString(asObject(content['status'])['snapshotHandle']) !== undefined);
  }

  /** Waits until it can be used, which for some storage systems is when it is uploaded. */
  ready(): Promise<ReadySnapshot> {
    this.how.progress(`${this.title}: waiting for the snapshot to be ready`);
    return this.waitFor(
      ({ snapshot, content }) =>
        asObject(snapshot['status'])['readyToUse'] === true && asObject(content['status'])['readyToUse'] === true,
    );
  }

  private async read(place: Names): Promise<{ readonly snapshot: JsonObject; readonly whole?: ReadySnapshot }> {
    const { client } = this.how;
    const { object: snapshot, text } = await readExactly(client, snapshotKinds.snapshots, place);
    const name = contentOf(snapshot);
    if (name === undefined) return { snapshot };
    const { object: content, text: contentText } = await readExactly(client, snapshotKinds.contents, { name });
    return { snapshot, whole: { snapshot, content, texts: { snapshot: text, content: contentText } } };
  }

  private async waitFor(isDone: (seen: ReadySnapshot) => boolean): Promise<ReadySnapshot> {
    const { now, sleep, signal, timeout } = this.how;
    let complaint = '';
    while (this.place !== undefined && now() < this.begun + timeout) {
      signal.throwIfAborted();
      const { snapshot, whole } = await this.read(this.place);
      if (whole !== undefined && isDone(whole)) return whole;
      complaint = errorOf(whole?.content) ?? errorOf(snapshot) ?? complaint;
      await sleep(now() - this.begun < earlyFor ? early : late);
    }
    throw failed(
      `the snapshot of ${this.title} is not ready after ${timeout / 1000} s${complaint === '' ? '' : `: ${complaint}`}`,
    );
  }

  async retain(): Promise<void> {
    if (this.place !== undefined) await retainSnapshot(this.how.client, this.place);
  }

  async release(): Promise<void> {
    if (this.place !== undefined) await releaseSnapshot(this.how.client, this.place);
  }

  async discard(): Promise<void> {
    if (this.place !== undefined) await discardSnapshot(this.how.client, this.place);
  }
}

function errorOf(object: JsonObject | undefined): string | undefined {
  return asString(asObject(asObject(object?.['status'])['error'])['message']);
}
