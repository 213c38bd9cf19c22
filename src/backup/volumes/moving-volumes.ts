// What moving the data of volumes needs, in either direction, and how it goes on after a lost connection.

import { randomBytes } from 'node:crypto';
import { UserError } from '../../model/index.ts';
import type { RepositoryPlace } from './open-repository.ts';
import type { HelperContext } from './run-helper.ts';

/** What moving data needs, in either direction. */
export interface MovingVolumes extends RepositoryPlace {
  readonly context: HelperContext;
  /** What the helper pod gets as environment: credentials of the store and the password of the repository. */
  readonly secret: Readonly<Record<string, string>>;
  readonly image: string;
  /** Milliseconds that one volume may take. */
  readonly timeout: number;
  /** Volumes under way at once. */
  readonly concurrency: number;
  /** For lists of files while they are made; the caller removes it. */
  readonly folder: string;
  readonly progress: (text: string) => void;
}

export function helperName(): string {
  return `nowwhat-volume-${randomBytes(4).toString('hex')}`;
}

export function signalFor({ context, timeout }: Pick<MovingVolumes, 'context' | 'timeout'>): HelperContext {
  return { ...context, signal: AbortSignal.any([context.signal, AbortSignal.timeout(timeout)]) };
}

/** A connection that was lost is no reason to begin anew: kopia goes on with what the repository has. */
const attempts = 3;

export async function retrying<T>({ signal, sleep }: HelperContext, act: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await act();
    } catch (error) {
      const isLost = error instanceof UserError && error.code === 'cluster-unreachable';
      if (!isLost || tries === attempts || signal.aborted) throw error;
      await sleep(1000 * tries);
    }
  }
}
