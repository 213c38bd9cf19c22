// What a proof rests on, hashed: files, whole folders, namespaces of a cluster. The same again tells whether the proof is fresh.

import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { appObjects } from '../../compare/index.ts';
import { stableText } from '../../kube/live/stable-form.ts';
import type { KubeObject, ObjectRef, ProofInput, Snapshot } from '../../model/index.ts';
import { sha256 } from '../../targets/index.ts';
import { nameIn } from './record-folder.ts';

/** Texts for people change without changing the app. */
const forPeople = /\.(?:md|txt|adoc|rst)$/i;

async function hashFolder(folder: string): Promise<string | undefined> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) return undefined;
  const files = entries
    .filter((entry) => entry.isFile() && !forPeople.test(entry.name))
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter((file) => !/(?:^|\/)(?:\.|node_modules\/)/.test(file))
    .toSorted();
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\n${sha256(await readFile(join(folder, file)))}\n`);
  return hash.digest('hex');
}

async function hashFile(file: string): Promise<string | undefined> {
  const bytes = await readFile(file).catch(() => undefined);
  return bytes === undefined ? undefined : sha256(bytes);
}

/** Inputs for paths that the user named. Those outside of the root, and standard input, are none. */
export async function inputsOfPaths(root: string, paths: readonly string[]): Promise<ProofInput[]> {
  const inputs = await Promise.all(paths.map((path) => inputOfPath(root, path)));
  return inputs.filter((input) => input !== undefined);
}

async function inputOfFile(file: string, path: string): Promise<ProofInput | undefined> {
  const hash = await hashFile(path);
  return hash === undefined ? undefined : { kind: 'file', file, sha256: hash };
}

async function inputOfFolder(folder: string, path: string): Promise<ProofInput | undefined> {
  const hash = await hashFolder(path);
  return hash === undefined ? undefined : { kind: 'folder', folder, sha256: hash };
}

async function inputOfPath(root: string, path: string): Promise<ProofInput | undefined> {
  const info = await stat(path).catch(() => undefined);
  // The root itself has no name in itself.
  const name = resolve(path) === root ? '.' : nameIn(root, path);
  if (info === undefined || name === undefined) return undefined;
  return info.isDirectory() ? await inputOfFolder(name, join(root, name)) : await inputOfFile(name, path);
}

/** What only the files have that were read beside a cluster is an input of its own. */
function isInCluster({ source }: KubeObject): boolean {
  return source.origin.kind === 'cluster';
}

/** The app's objects of a namespace; values of Secrets are in no snapshot. */
function hashNamespace(snapshot: Snapshot, namespace: string): string {
  const texts = appObjects(snapshot)
    .filter((object) => object.namespace === namespace && object.kind !== 'Pod' && isInCluster(object))
    .map(({ raw }) => stableText(raw))
    .toSorted();
  return sha256(texts.join('\n'));
}

/** Inputs for a cluster as it was read: its version, and what stands in the namespaces that were read. */
export function inputsOfCluster(snapshot: Snapshot): ProofInput[] {
  const { cluster } = snapshot.facts;
  if (cluster === undefined) return [];
  const { context, serverVersion: version, namespaces } = cluster;
  return [
    { kind: 'cluster', context, version },
    ...namespaces.map((namespace) => ({
      kind: 'namespace' as const,
      context,
      namespace,
      sha256: hashNamespace(snapshot, namespace),
    })),
  ];
}

/** An input as it is now: its hash where there still is one; `isRead` is false where it is in a cluster that was not looked at. */
export interface InputNow {
  readonly isRead: boolean;
  readonly hash?: string | undefined;
}

const unread: InputNow = { isRead: false };

function isReadIn({ facts: { cluster } }: Snapshot, namespace: string): boolean {
  return cluster !== undefined && (cluster.namespaces.length === 0 || cluster.namespaces.includes(namespace));
}

function readObjectAgain({ object }: ProofInput & { readonly kind: 'object' }, snapshot: Snapshot): InputNow {
  if (!isReadIn(snapshot, object.namespace)) return unread;
  const key = ({ apiVersion, kind, namespace, name }: ObjectRef): string =>
    [apiVersion, kind, namespace, name].join('/');
  const found = snapshot.objects.find((each) => key(each) === key(object));
  return { isRead: true, hash: found === undefined ? undefined : sha256(stableText(found.raw)) };
}

function readInCluster(input: Exclude<ProofInput, { kind: 'file' | 'folder' }>, snapshot: Snapshot): InputNow {
  if (input.kind === 'object') return readObjectAgain(input, snapshot);
  const { cluster } = snapshot.facts;
  if (input.context !== cluster?.context) return unread;
  if (input.kind === 'cluster') return { isRead: true, hash: cluster.serverVersion };
  const { namespace } = input;
  return isReadIn(snapshot, namespace) ? { isRead: true, hash: hashNamespace(snapshot, namespace) } : unread;
}

/** `snapshot`: the cluster as it is, where one was read. */
export async function readInputAgain(
  root: string,
  input: ProofInput,
  snapshot: Snapshot | undefined,
): Promise<InputNow> {
  if (input.kind === 'file') return { isRead: true, hash: await hashFile(join(root, input.file)) };
  if (input.kind === 'folder') return { isRead: true, hash: await hashFolder(join(root, input.folder)) };
  return snapshot === undefined ? unread : readInCluster(input, snapshot);
}
