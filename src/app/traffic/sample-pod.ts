// Looks at the sockets of one pod, through whatever program one of its containers has.

import { type ApiClient, captureInPod, isApiError } from '../../api/index.ts';
import {
  type ByteOrder,
  type SamplingMethod,
  samplingMethods,
  type SamplingTarget,
  type Socket,
} from '../../traffic/index.ts';

interface Way {
  readonly container: string;
  readonly method: SamplingMethod;
}

/** A container that hangs must not hold up the others. Milliseconds. */
const patience = 10_000;

export interface PodSampler {
  readonly target: SamplingTarget;
  /** How it is done; absent until the first sample worked. */
  readonly way: () => Way | undefined;
  /** Why it cannot be done at all; absent while it can. */
  readonly obstacle: () => string | undefined;
  /** Why it has not been done yet. */
  readonly trouble: () => string | undefined;
  /** The sockets now, or nothing where that failed. */
  readonly sample: () => Promise<readonly Socket[] | undefined>;
}

export interface SamplerOptions {
  readonly client: ApiClient;
  readonly order: ByteOrder;
  readonly signal?: AbortSignal;
}

/** `failed`: for now, as where a busy node does not answer in time; what the container has is not known. */
type Tried = readonly Socket[] | 'no such program' | 'gone' | 'forbidden' | 'failed';

/** As the runtimes say it. Their other words are of trouble that passes. */
const missing = /executable file not found|no such file or directory|permission denied|exec format error/i;

function readFailure(error: unknown): Exclude<Tried, readonly Socket[]> {
  if (isApiError(error, 403)) return 'forbidden';
  if (isGone(error)) return 'gone';
  return error instanceof Error && missing.test(error.message) ? 'no such program' : 'failed';
}

function isGone(error: unknown): boolean {
  return isApiError(error, 404) || (error instanceof Error && /container not found|not running/.test(error.message));
}

function signalOf(signal: AbortSignal | undefined): AbortSignal {
  const own = AbortSignal.timeout(patience);
  return signal === undefined ? own : AbortSignal.any([signal, own]);
}

async function tryWay({ client, order, signal }: SamplerOptions, target: SamplingTarget, way: Way): Promise<Tried> {
  const { namespace, pod } = target;
  const { container, method } = way;
  try {
    const { stdout, exitCode } = await captureInPod(client, {
      namespace,
      pod,
      container,
      command: method.command,
      signal: signalOf(signal),
    });
    // A program that says nothing and is content was not heard to its end.
    return method.parse(stdout, order) ?? (stdout === '' && exitCode === 0 ? 'failed' : 'no such program');
  } catch (error) {
    signal?.throwIfAborted();
    return readFailure(error);
  }
}

/** Finds the way with the first sample and keeps to it. */
export function createPodSampler(target: SamplingTarget, options: SamplerOptions): PodSampler {
  let way: Way | undefined;
  let obstacle: string | undefined;
  let trouble: string | undefined;
  const refuse = (reason: string): undefined => {
    obstacle = reason;
    return undefined;
  };
  const search = async (): Promise<readonly Socket[] | undefined> => {
    for (const container of target.containers)
      for (const method of samplingMethods) {
        const found = await tryWay(options, target, { container, method });
        if (found === 'forbidden') return refuse('commands in its containers (pods/exec) are not permitted');
        if (found === 'gone') return undefined;
        if (found === 'failed') {
          trouble = `${method.name} in container ${container} was not answered in time, or broken off`;
          return undefined;
        }
        if (found !== 'no such program') {
          way = { container, method };
          return found;
        }
      }
    return refuse(
      'has no program that can read its sockets (no cat, no shell, no ss); it is seen only from the other end',
    );
  };
  return {
    target,
    way: () => way,
    obstacle: () => obstacle,
    trouble: () => trouble,
    sample: async () => {
      if (obstacle !== undefined) return undefined;
      if (way === undefined) return await search();
      const found = await tryWay(options, target, way);
      return typeof found === 'string' ? undefined : found;
    },
  };
}
