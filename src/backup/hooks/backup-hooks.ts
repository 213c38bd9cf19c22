// Runs the hooks of a backup: pods that have some are saved last, each after its pre hooks; its post hooks run once its data are saved, in any case.

import type { ApiClient } from '../../api/index.ts';
import type { ArchivedObject } from '../archive/write-archive.ts';
import type { CollectProblem } from '../collect/gap.ts';
import { mergeBounded } from '../collect/merge-bounded.ts';
import { findPodHooks, type PodHook, type PodHooks } from './find-hooks.ts';
import type { HookSpec } from './hook-spec.ts';
import { runHook } from './run-hook.ts';

export interface HookRunning {
  readonly client: ApiClient;
  readonly specs: readonly HookSpec[];
  /** Whether somebody has agreed to this command; a pod with a hook that nobody has agreed to is left out. */
  readonly agrees: (namespace: string, hook: PodHook) => boolean;
  readonly onProblem: (problem: CollectProblem) => void;
  readonly log: (message: string, fields: Readonly<Record<string, string>>) => void;
}

/** Pods between their hooks at the same time: what they freeze stands still meanwhile. */
const podsAtOnce = 4;

function isPod({ group, resource }: ArchivedObject): boolean {
  return group === '' && resource === 'pods';
}

/** One backup's hooks. */
export class BackupHooks {
  attempted = 0;
  failed = 0;
  private readonly how: HookRunning;
  /** Pods whose post hooks are still to run. */
  private readonly open = new Map<string, PodHooks>();

  constructor(how: HookRunning) {
    this.how = how;
  }

  /**
   * The same objects; pods with hooks come last, so that no list waits for a command. What a pre hook fails for (`Fail`) is not among them. Post hooks wait
   * for `onPodSaved`, unless `isSavedAtOnce`: then nothing but the object is saved of a pod.
   */
  async *around(
    batches: AsyncIterable<readonly ArchivedObject[]>,
    isSavedAtOnce: boolean,
  ): AsyncGenerator<readonly ArchivedObject[]> {
    const waiting: [ArchivedObject, PodHooks][] = [];
    for await (const batch of batches)
      yield batch.filter((object) => {
        const hooks = isPod(object) ? findPodHooks(object.raw, this.how.specs) : undefined;
        if (hooks !== undefined) waiting.push([object, hooks]);
        return hooks === undefined;
      });
    const one = async function* (this: BackupHooks, object: ArchivedObject, hooks: PodHooks) {
      const isTaken = await this.before(hooks);
      if (!isTaken || isSavedAtOnce) await this.onPodSaved(hooks.namespace, hooks.pod);
      if (isTaken) yield [object];
    };
    yield* mergeBounded(
      waiting.map(([object, hooks]) => one.call(this, object, hooks)),
      podsAtOnce,
    );
  }

  /** Whether a pod has had its pre hooks, and waits for its post hooks. */
  isOpen(namespace: string, pod: string): boolean {
    return this.open.has(`${namespace}/${pod}`);
  }

  /** Runs the post hooks of a pod, once. */
  async onPodSaved(namespace: string, pod: string): Promise<void> {
    const hooks = this.open.get(`${namespace}/${pod}`);
    this.open.delete(`${namespace}/${pod}`);
    for (const hook of hooks?.post ?? [])
      await this.run(
        namespace,
        pod,
        hook,
        (why) => `the post hook of pod "${pod}" in ${hook.container} failed: ${why}`,
      );
  }

  /** Runs the post hooks that are left: at the end, and where a backup is cut off in the middle. */
  async end(): Promise<void> {
    await Promise.all([...this.open.values()].map(({ namespace, pod }) => this.onPodSaved(namespace, pod)));
  }

  /** Whether the pod may be saved. */
  private async before({ namespace, pod, pre, post, warnings, ...rest }: PodHooks): Promise<boolean> {
    for (const message of warnings) this.how.onProblem({ severity: 'warning', namespace, message });
    const unknown = [...pre, ...post].find((hook) => !this.how.agrees(namespace, hook));
    if (unknown !== undefined) {
      const message = `pod "${pod}" is not in the backup: its ${unknown.phase} hook came up after hooks were agreed to, and was not run`;
      this.how.onProblem({ severity: 'error', namespace, message });
      return false;
    }
    // What a pre hook began, also one that failed, its post hook ends.
    this.open.set(`${namespace}/${pod}`, { namespace, pod, pre, post, warnings, ...rest });
    for (const hook of pre) {
      const isDone = await this.run(
        namespace,
        pod,
        hook,
        (why) =>
          `${hook.onError === 'Fail' ? `pod "${pod}" is not in the backup: its` : `pod "${pod}": a`} pre hook in ${hook.container} failed: ${why}`,
      );
      if (!isDone && hook.onError === 'Fail') return false;
    }
    return true;
  }

  private async run(namespace: string, pod: string, hook: PodHook, tell: (why: string) => string): Promise<boolean> {
    const { container, command, timeout, phase, onError } = hook;
    this.attempted += 1;
    const { failure } = await runHook(this.how.client, { namespace, pod, container, command, timeout });
    if (failure === '') {
      this.how.log(`the ${phase} hook has run`, { namespace, pod, container });
      return true;
    }
    this.failed += 1;
    this.how.onProblem({ severity: onError === 'Fail' ? 'error' : 'warning', namespace, message: tell(failure) });
    return false;
  }
}
