// Finds and reads the kubeconfig files as kubectl does, and merges them: the first to say something wins.

import { readFile } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { UserError } from '../../model/index.ts';
import { present } from '../present.ts';
import type { Kubeconfig } from './kubeconfig.ts';
import { parseKubeconfig } from './parse-kubeconfig.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface KubeconfigSource {
  /** `--kubeconfig`: this file and no other; it must exist. */
  readonly path?: string;
  /** `KUBECONFIG`, or `HOME` for `~/.kube/config`. */
  readonly environment: Environment;
}

/** The files to read, in order; they may be missing. */
export function findKubeconfigPaths(environment: Environment): string[] {
  const listed = (environment['KUBECONFIG'] ?? '').split(delimiter).filter((path) => path !== '');
  if (listed.length > 0) return [...new Set(listed.map((path) => resolve(path)))];
  const home = environment['HOME'] ?? environment['USERPROFILE'] ?? '';
  return home === '' ? [] : [join(resolve(home), '.kube', 'config')];
}

function mergeMaps<T>(maps: readonly ReadonlyMap<string, T>[]): ReadonlyMap<string, T> {
  return new Map(maps.toReversed().flatMap((map) => [...map]));
}

/** Entries are taken whole: nothing of a later entry of the same name is kept. */
export function mergeKubeconfigs(files: readonly Kubeconfig[]): Kubeconfig {
  return {
    files: files.flatMap((each) => each.files),
    clusters: mergeMaps(files.map((each) => each.clusters)),
    users: mergeMaps(files.map((each) => each.users)),
    contexts: mergeMaps(files.map((each) => each.contexts)),
    ...present<Kubeconfig>({
      currentContext: files.find((each) => each.currentContext !== undefined)?.currentContext,
    }),
  };
}

async function readOne(path: string): Promise<Kubeconfig | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    const advice = 'Correct its mode, or choose another file with --kubeconfig or KUBECONFIG.';
    throw new UserError('kubeconfig-invalid', `${path} cannot be read (${code})`, advice, error);
  }
  return parseKubeconfig(text, path);
}

/** `undefined` where no file exists. Throws `kubeconfig-invalid`, and `kubeconfig-missing` where the named file does not exist. */
export async function readKubeconfig({ path, environment }: KubeconfigSource): Promise<Kubeconfig | undefined> {
  if (path !== undefined) {
    const named = await readOne(resolve(path));
    if (named !== undefined) return named;
    throw new UserError('kubeconfig-missing', `${path} does not exist`, 'Check the path given with --kubeconfig.');
  }
  const read = await Promise.all(findKubeconfigPaths(environment).map(readOne));
  const found = read.filter((each) => each !== undefined);
  return found.length === 0 ? undefined : mergeKubeconfigs(found);
}
