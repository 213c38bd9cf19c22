// The snapshots of one backup: taken while its objects go by, added to them, kept when it is committed, and removed when it is not.

import { getObject } from '../../api/index.ts';
import { asArray, asObject, asString, type JsonObject, UserError } from '../../model/index.ts';
import { groupResourceOf } from '../archive/entry-names.ts';
import type { ArchivedObject } from '../archive/write-archive.ts';
import type { CollectProblem } from '../collect/collect-objects.ts';
import {
  archivedClaim,
  archivedContent,
  archivedSnapshot,
  factsOf,
  type ReadySnapshot,
  snapshotInfo,
  type SnapshotToTake,
} from './snapshot-objects.ts';
import { classResource, selectorOf, snapshotGroup, snapshotKinds } from './snapshot-words.ts';
import { Snapshotting, type TakingSnapshots } from './take-snapshots.ts';

/** Who waits for the snapshots. */
export interface SnapshotsTold {
  /** Whether a pod stands still until its volumes are saved. */
  readonly isWaiting: (namespace: string, pod: string) => boolean;
  readonly onPodSaved: (namespace: string, pod: string) => Promise<void>;
  readonly onProblem: (problem: CollectProblem) => void;
  readonly log: (message: string, fields: Readonly<Record<string, string>>) => void;
}

/** What a backup holds of one. */
export interface SavedSnapshot {
  readonly namespace: string;
  readonly claim: string;
  readonly driver: string;
  readonly className: string;
  /** The storage system's own name of it. */
  readonly handle: string;
  /** Bytes of a volume that is made from it. */
  readonly size: number;
}

export interface SnapshotPlan {
  readonly toTake: readonly SnapshotToTake[];
  /** Persistent volumes by name. */
  readonly volumes: ReadonlyMap<string, JsonObject>;
  /** Pods whose files are saved besides, as `namespace/name`: they wait for that. */
  readonly podsOfFiles: ReadonlySet<string>;
}

/** A storage system takes only so many at once. */
const atOnce = 8;

interface Held {
  readonly object: ArchivedObject;
  readonly run: Snapshotting;
  /** Settled when the moment of the snapshot is past; an error where there is none. */
  readonly cut: Promise<Error | undefined>;
}

function claimNames(pod: JsonObject): string[] {
  return asArray(asObject(pod['spec'])['volumes']).flatMap((volume) => {
    const { claimName } = asObject(asObject(asObject(volume)['persistentVolumeClaim']));
    return asString(claimName) ?? [];
  });
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function archived(
  resource: 'volumesnapshots' | 'volumesnapshotcontents' | 'volumesnapshotclasses',
  raw: JsonObject,
): ArchivedObject {
  const { namespace, name } = asObject(raw['metadata']);
  return {
    group: snapshotGroup,
    version: 'v1',
    resource,
    kind: asString(raw['kind']) ?? '',
    namespace: asString(namespace) ?? '',
    name: asString(name) ?? '',
    raw,
  };
}

/** At most so many under way; the others wait their turn. */
class Turns {
  private free = atOnce;
  private readonly waiting: (() => void)[] = [];

  async take<T>(act: () => Promise<T>): Promise<T> {
    if (this.free === 0) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.free -= 1;
    try {
      return await act();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.free += 1;
      else next();
    }
  }
}

export class SnapshotRun {
  readonly infos: JsonObject[] = [];
  readonly saved: SavedSnapshot[] = [];
  private readonly how: TakingSnapshots;
  private readonly plan: SnapshotPlan;
  private readonly wanted: ReadonlyMap<string, SnapshotToTake>;
  private readonly held = new Map<string, Held>();
  private readonly claims = new Map<string, ArchivedObject>();
  private readonly pods: { readonly namespace: string; readonly name: string }[] = [];
  private readonly turns = new Turns();
  private readonly releasing: Promise<void>[] = [];
  private isCommitted = false;

  constructor(how: TakingSnapshots, plan: SnapshotPlan) {
    this.how = how;
    this.plan = plan;
    this.wanted = new Map(plan.toTake.map((each) => [`${each.namespace}/${each.claim}`, each]));
  }

  get attempted(): number {
    return this.held.size;
  }

  /** The same objects; claims with a snapshot come last, and after them what belongs to it. */
  async *around(objects: AsyncIterable<ArchivedObject>, told: SnapshotsTold): AsyncGenerator<ArchivedObject> {
    const classes = new Set<string>();
    for await (const object of objects) {
      if (groupResourceOf(object) === classResource) classes.add(object.name);
      if (this.holds(object)) continue;
      if (groupResourceOf(object) === 'pods') this.notePod(object, told);
      yield object;
    }
    for (const key of this.claims.keys()) void this.begin(key);
    await this.releasePods(told);
    for (const each of this.held.values()) yield* this.settle(each, told);
    yield* this.classObjects(classes, told);
  }

  /** Claims wait until it is known what became of their snapshots. */
  private holds(object: ArchivedObject): boolean {
    const key = `${object.namespace}/${object.name}`;
    if (groupResourceOf(object) !== 'persistentvolumeclaims' || !this.wanted.has(key)) return false;
    this.claims.set(key, object);
    return true;
  }

  /** A pod that stands still goes on as soon as its own volumes are taken; others take theirs when all objects are read. */
  private notePod({ namespace, name, raw }: ArchivedObject, told: SnapshotsTold): void {
    this.pods.push({ namespace, name });
    if (!told.isWaiting(namespace, name)) return;
    const own = claimNames(raw)
      .map((claim) => `${namespace}/${claim}`)
      .filter((key) => this.claims.has(key));
    const cuts = own.map((key) => this.begin(key));
    this.releasing.push(Promise.all(cuts).then(() => this.release(namespace, name, told)));
  }

  private async release(namespace: string, name: string, told: SnapshotsTold): Promise<void> {
    if (!this.plan.podsOfFiles.has(`${namespace}/${name}`)) await told.onPodSaved(namespace, name);
  }

  private async releasePods(told: SnapshotsTold): Promise<void> {
    await Promise.all([...this.held.values()].map(({ cut }) => cut));
    await Promise.all(this.releasing);
    await Promise.all(this.pods.map(({ namespace, name }) => this.release(namespace, name, told)));
  }

  private begin(key: string): Promise<Error | undefined> {
    const known = this.held.get(key);
    const [object, toTake] = [this.claims.get(key), this.wanted.get(key)];
    if (known !== undefined) return known.cut;
    if (object === undefined || toTake === undefined) return Promise.resolve(undefined);
    const run = new Snapshotting(this.how, toTake);
    const cut = this.turns.take(() => run.cut(object.raw)).then(() => undefined, toError);
    this.held.set(key, { object, run, cut });
    return cut;
  }

  /** The claim as it was read where there is no snapshot of it: that is a problem of the backup, and no reason to leave it out. */
  private async *settle({ object, run, cut }: Held, told: SnapshotsTold): AsyncGenerator<ArchivedObject> {
    let ready: ReadySnapshot;
    try {
      const error = await cut;
      if (error !== undefined) throw error;
      ready = await run.ready();
    } catch (error) {
      this.how.signal.throwIfAborted();
      told.onProblem(problemOf(object, error));
      yield object;
      await this.discardOne(run, object, told);
      return;
    }
    const { backup } = this.how;
    const { content: _, ...claim } = object;
    yield { ...claim, raw: archivedClaim(object.raw, factsOf(ready), backup) };
    yield archived('volumesnapshots', archivedSnapshot(ready));
    yield archived('volumesnapshotcontents', archivedContent(ready, backup));
    this.note(run.toTake, ready, told);
  }

  private note(toTake: SnapshotToTake, ready: ReadySnapshot, told: SnapshotsTold): void {
    const { namespace, claim, className, volume } = toTake;
    const { handle, driver, size } = factsOf(ready);
    this.infos.push(snapshotInfo(toTake, ready, this.plan.volumes.get(volume)));
    this.saved.push({ namespace, claim, driver, className, handle, size });
    told.log('took a snapshot', { namespace, claim, driver, handle });
  }

  /** Classes that are not in the backup as it is. */
  private async *classObjects(seen: ReadonlySet<string>, told: SnapshotsTold): AsyncGenerator<ArchivedObject> {
    for (const name of new Set(this.saved.map(({ className }) => className))) {
      if (seen.has(name)) continue;
      try {
        yield archived('volumesnapshotclasses', await getObject(this.how.client, snapshotKinds.classes, { name }));
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        told.onProblem({
          severity: 'warning',
          namespace: '',
          message: `${classResource} ${name} is not in the backup: ${error.message}`,
        });
      }
    }
  }

  private async discardOne(run: Snapshotting, { namespace, name }: ArchivedObject, told: SnapshotsTold): Promise<void> {
    try {
      await run.discard();
    } catch (error) {
      const message = `what was begun of the snapshot of claim ${name} was not removed: ${toError(error).message}`;
      told.onProblem({ severity: 'warning', namespace, message });
    }
  }

  /** Just before the backup is one: from now on no object's end takes a snapshot with it. */
  async keep(): Promise<void> {
    this.isCommitted = true;
    await Promise.all(this.kept().map((run) => run.retain()));
  }

  /** Once it is: nothing of it is left in the cluster. Answers with what could not be removed. */
  async finish(): Promise<readonly string[]> {
    const results = await Promise.allSettled(this.kept().map((run) => run.release()));
    return results.flatMap((each) => (each.status === 'rejected' ? [toError(each.reason).message] : []));
  }

  /** Where there is no backup, there are no snapshots either. Does nothing once it is about to be one. */
  async discard(): Promise<void> {
    if (this.isCommitted) return;
    await Promise.allSettled([...this.held.values()].map(({ run }) => run.discard()));
  }

  /** Where snapshots of no backup may be, and the labels that they are found by. */
  leftovers(): readonly { readonly namespace: string; readonly selector: string }[] {
    if (this.isCommitted) return [];
    const namespaces = new Set([...this.held.values()].map(({ object }) => object.namespace));
    return [...namespaces].map((namespace) => ({ namespace, selector: selectorOf(this.how.backup) }));
  }

  /** Where the last key was not written after all. */
  async takeBack(): Promise<void> {
    this.isCommitted = false;
    await this.discard();
  }

  private kept(): Snapshotting[] {
    const kept = new Set(this.saved.map(({ namespace, claim }) => `${namespace}/${claim}`));
    return [...this.held].flatMap(([key, { run }]) => (kept.has(key) ? [run] : []));
  }
}

function problemOf({ namespace, name }: ArchivedObject, error: unknown): CollectProblem {
  return {
    severity: 'error',
    namespace,
    message: `the data of claim ${name} are not saved: ${toError(error).message}`,
  };
}
