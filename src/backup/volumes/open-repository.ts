// Opens the kopia repository of a namespace inside a helper, and makes it where it is not there yet, so that of several at once one is the first.

import { join } from 'node:path';
import { UserError } from '../../model/index.ts';
import { repositoryFolder } from '../layout/keys.ts';
import type { Store } from '../store/store.ts';
import {
  commandInScratch,
  connectCommand,
  createCommand,
  folderConfig,
  isUninitialized,
  linkScript,
  ownerCommand,
  parseComplaint,
  type Repository,
  scratch,
} from './kopia.ts';
import { type Helper, type Ran, volumeError } from './run-helper.ts';

/** Where repositories are: as kopia reaches them, and as this machine does. */
export interface RepositoryPlace {
  readonly repository: Repository;
  readonly store: Pick<Store, 'put' | 'size' | 'folders' | 'prefix'>;
}

/** kopia in a helper, with a repository open. */
export interface OpenKopia {
  /** Keeps what is printed. Throws `UserError` where the command fails. */
  readonly run: (command: readonly string[], onError?: (text: string) => void) => Promise<Ran>;
}

async function readFile(helper: Helper, path: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of helper.stream(['cat', path])) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/**
 * The two blobs that make a repository one are made aside in the helper. The one that everybody looks for is put only where none is: who comes second throws his own
 * away, and no key is ever written over another.
 */
async function makeRepository(helper: Helper, namespace: string, { store }: RepositoryPlace): Promise<boolean> {
  const keyOf = (name: string): string => `${repositoryFolder(store.prefix, namespace)}${name}`;
  await helper.must(commandInScratch(createCommand()));
  try {
    const [first, second] = ['kopia.repository', 'kopia.blobcfg'] as const;
    await store.put(keyOf(first), await readFile(helper, `${scratch}/${first}.f`), { ifAbsent: true });
    await store.put(keyOf(second), await readFile(helper, `${scratch}/${second}.f`));
    return true;
  } catch (error) {
    if (error instanceof UserError && error.code === 'store-key-exists') return false;
    throw error;
  } finally {
    await helper.must(['rm', '-rf', scratch]);
  }
}

function missing(namespace: string): UserError {
  return volumeError(`there is no kopia repository for the namespace ${namespace} in this store`);
}

/** In a bucket, kopia goes there by itself. */
async function connect(helper: Helper, namespace: string, place: RepositoryPlace, makes: boolean): Promise<boolean> {
  const { repository } = place;
  if (repository.kind !== 'bucket') return false;
  const command = connectCommand(namespace, repository, makes ? 'saving' : 'restoring');
  const tried = await helper.run(command);
  if (tried.exitCode === 0) return false;
  if (!isUninitialized(tried.stderr)) throw volumeError(`kopia: ${parseComplaint(tried.stderr)}`);
  if (!makes) throw missing(namespace);
  const isMine = await makeRepository(helper, namespace, place);
  await helper.must(command);
  return isMine;
}

const writeLink = 'printf "%s" "$1" > /work/link; printf "%s" "$2" > "$KOPIA_CONFIG_PATH"';

/** In a folder of this machine, kopia is led there by the command that it is started with. */
async function link(helper: Helper, namespace: string, place: RepositoryPlace, makes: boolean): Promise<boolean> {
  const { store, repository } = place;
  const isThere = (await store.size(`${repositoryFolder(store.prefix, namespace)}kopia.repository`)) !== undefined;
  if (!isThere && !makes) throw missing(namespace);
  const isMine = !isThere && (await makeRepository(helper, namespace, place));
  await helper.must([
    'sh',
    '-c',
    writeLink,
    'link',
    linkScript,
    folderConfig(repository.limit, makes ? 'saving' : 'restoring'),
  ]);
  return isMine;
}

function kopiaOf(helper: Helper, namespace: string, { repository }: RepositoryPlace): OpenKopia {
  if (repository.kind === 'bucket') return { run: helper.must };
  const folder = join(repository.folder, repositoryFolder('', namespace));
  return { run: (command, onError) => helper.serve(command, folder, onError) };
}

/** `makes`: a repository that is not there is made. */
export async function openKopia(
  helper: Helper,
  namespace: string,
  place: RepositoryPlace,
  makes: boolean,
): Promise<OpenKopia> {
  const open = place.repository.kind === 'bucket' ? connect : link;
  const isMine = await open(helper, namespace, place, makes);
  const kopia = kopiaOf(helper, namespace, place);
  if (isMine) await kopia.run(ownerCommand());
  return kopia;
}
