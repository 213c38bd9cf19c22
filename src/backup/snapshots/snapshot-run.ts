// The snapshots of one backup: taken while its objects go by, added to them or moved into the store, kept when it is committed, and removed when it is not.

import { asObject, asString, inParallel, type JsonObject, UserError } from '../../model/index.ts';
import { groupResourceOf } from '../archive/entry-names.ts';
import { replaceMembers } from '../archive/replace-members.ts';
import type { ArchivedObject } from '../archive/write-archive.ts';
import type { CollectProblem } from '../collect/gap.ts';
import { problemsOfFiles } from '../volumes/save-files.ts';
import { claimsOfPod } from './claims-of-pod.ts';
import { archivedUpload, type MovedFacts, movedClaim, movedInfo } from './data-upload.ts';
import type { SnapshotMover } from './move-data.ts';
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
import { readExactly, Snapshotting, type TakingSnapshots } from './take-snapshots.ts';

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
  /** Moves what they hold into the store; left out, they stay in the storage system. */
  readonly mover?: SnapshotMover | undefined;
}

/** A storage system takes only so many at once. */
const atOnce = 8;

interface Held {
  readonly object: ArchivedObject;
  readonly run: Snapshotting;
  /** Settled when the moment of the snapshot is past; an error where there is none. */
  readonly cut: Promise<Error | undefined>;
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function archived(
  resource: 'volumesnapshots' | 'volumesnapshotcontents' | 'volumesnapshotclasses',
  raw: JsonObject,
  text: Buffer,
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
    content: replaceMembers(text, { metadata: raw['metadata'] }),
  };
}

/** The claim with other metadata and another spec; the rest as it was read. */
function changedClaim(object: ArchivedObject, raw: JsonObject): ArchivedObject {
  const { group, version, resource, kind, namespace, name, content } = object;
  const changed = { group, version, resource, kind, namespace, name, raw };
  if (content === undefined) return changed;
  const { metadata, spec } = raw;
  return { ...changed, content: replaceMembers(content, { metadata, spec }) };
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
  /** Those whose data are in the store. */
  readonly moved: MovedFacts[] = [];
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

  get movesData(): boolean {
    return this.plan.mover !== undefined;
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
    if (this.plan.mover === undefined) for (const each of this.held.values()) yield* this.settle(each, told);
    else yield* this.moveAll(this.plan.mover, told);
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
    const own = claimsOfPod(raw).filter((key) => this.claims.has(key));
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
      ready = await this.readyOf({ run, cut });
    } catch (error) {
      this.how.signal.throwIfAborted();
      told.onProblem(problemOf(object, error));
      yield object;
      await this.discardOne(run, object, told);
      return;
    }
    const { backup } = this.how;
    yield changedClaim(object, archivedClaim(object.raw, factsOf(ready), backup));
    yield archived('volumesnapshots', archivedSnapshot(ready), ready.texts.snapshot);
    yield archived('volumesnapshotcontents', archivedContent(ready, backup), ready.texts.content);
    this.note(run.toTake, ready, told);
  }

  private async readyOf({ run, cut }: Pick<Held, 'run' | 'cut'>): Promise<ReadySnapshot> {
    const error = await cut;
    if (error !== undefined) throw error;
    return await run.ready();
  }

  /** What a snapshot holds must be in the store before the archive can say where; as many at once as volumes may be. */
  private async *moveAll(mover: SnapshotMover, told: SnapshotsTold): AsyncGenerator<ArchivedObject> {
    const held = [...this.held.values()];
    const results = await inParallel(held, mover.concurrency, async (each, index) => {
      const { namespace } = each.object;
      const isFirst = held.findIndex(({ object }) => object.namespace === namespace) === index;
      return await this.moveOne(mover, each, { index, isFirst, told });
    });
    for (const [index, { object }] of held.entries()) {
      const facts = results[index];
      if (facts === undefined) {
        yield object;
        continue;
      }
      yield changedClaim(object, movedClaim(facts));
      yield archivedUpload(facts);
      this.noteMoved(facts, told);
    }
  }

  /** The snapshot has served, whatever became of its data. */
  private async moveOne(
    mover: SnapshotMover,
    { object, run, cut }: Held,
    { told, ...place }: { readonly told: SnapshotsTold; readonly index: number; readonly isFirst: boolean },
  ): Promise<MovedFacts | undefined> {
    try {
      const ready = await this.readyOf({ run, cut });
      return await mover.move({ toTake: run.toTake, claim: object.raw, ready, ...place });
    } catch (error) {
      this.how.signal.throwIfAborted();
      told.onProblem(problemOf(object, error));
      return undefined;
    } finally {
      await this.discardOne(run, object, told);
    }
  }

  private noteMoved(facts: MovedFacts, told: SnapshotsTold): void {
    const { namespace, claim, volume } = facts.toTake;
    this.infos.push(movedInfo(facts, this.plan.volumes.get(volume)));
    this.moved.push(facts);
    for (const problem of problemsOfFiles(facts.files, `claim ${claim}`)) told.onProblem(problem);
    told.log('moved the data of a snapshot into the store', { namespace, claim, snapshot: facts.files.snapshot.id });
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
        const { object, text } = await readExactly(this.how.client, snapshotKinds.classes, { name });
        yield archived('volumesnapshotclasses', object, text);
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
    await Promise.allSettled([...[...this.held.values()].map(({ run }) => run.discard()), this.plan.mover?.discard()]);
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
