// How kopia is called so that Velero finds what it would have written itself, and what kopia answers: pure. Source: Velero 1.18, pkg/uploader/kopia and
// pkg/repository/udmrepo; kopia 0.16 to 0.22.

import * as z from 'zod';
import { repositoryFolder } from '../layout/keys.ts';
import { repositoryPath } from './channel/blob-folder.ts';
import { authorityFile, dataPath } from './helper-pod.ts';

/** The bucket as a pod reaches it. */
interface BucketRepository {
  readonly kind: 'bucket';
  readonly bucket: string;
  /** '' or with a slash at its end. */
  readonly prefix: string;
  /** URL of the server. */
  readonly endpoint: string;
  readonly region: string;
  readonly hasAuthority: boolean;
  /** Bytes per second; left out, as fast as it goes. */
  readonly limit?: number | undefined;
}

/** A folder of this machine: pods reach it through the commands that run in them. */
interface FolderRepository {
  readonly kind: 'folder';
  readonly folder: string;
  readonly limit?: number | undefined;
}

export type Repository = BucketRepository | FolderRepository;

/** Who a snapshot is said to be from, in every repository of Velero. */
const identity = 'default@default';

/** What asks for one, in Velero's words: the files of a pod's volume, or what a CSI snapshot of it holds. */
const requesters = { files: 'pod-volume-backup-restore', moved: 'snapshot-data-upload-download' } as const;

function requesterOf(source: string): string {
  return source.split('/', 1)[0] ?? '';
}

/** Velero's own default, and no secret: who can read the bucket can read the data. */
export const usualPassword = 'static-passw0rd';

const unattended = ['--no-auto-maintenance', '--no-use-keyring'];

/** What a limit is for: kopia takes each blob whose size it does not know for one of 20 MB, and reads its index so. A limit on that way is minutes of waiting. */
type Direction = 'saving' | 'restoring';

export function connectCommand(namespace: string, repository: BucketRepository, direction: Direction): string[] {
  const { bucket, prefix, endpoint, region, hasAuthority, limit } = repository;
  const url = new URL(endpoint);
  return [
    'kopia',
    'repository',
    'connect',
    's3',
    `--bucket=${bucket}`,
    `--prefix=${repositoryFolder(prefix, namespace)}`,
    `--endpoint=${url.host}`,
    `--region=${region}`,
    '--override-username=default',
    '--override-hostname=default',
    '--no-use-keyring',
    '--no-progress',
    ...(url.protocol === 'http:' ? ['--disable-tls'] : []),
    ...(hasAuthority ? [`--root-ca-pem-path=${authorityFile}`] : []),
    ...(limit === undefined ? [] : [`--max-${direction === 'saving' ? 'upload' : 'download'}-speed=${limit}`]),
  ];
}

/** Where a new repository is made, before it goes to the store. */
export const scratch = '/work/new';

export function createCommand(): string[] {
  const options = ['--flat', '--no-use-keyring', '--no-progress'];
  return [
    'kopia',
    'repository',
    'create',
    'filesystem',
    `--path=${scratch}`,
    '--config-file=/config/new.config',
    ...options,
  ];
}

/** With a cache of its own: the keys that kopia keeps there must not be taken for those of the store's repository. */
export function commandInScratch(command: readonly string[]): string[] {
  const apart = `rm -rf ${scratch} && mkdir ${scratch} && KOPIA_CACHE_DIRECTORY=${scratch}/cache exec "$@"`;
  return ['sh', '-c', apart, 'scratch', ...command];
}

/** Velero and kopia tidy a repository in the name of its owner only. */
export function ownerCommand(): string[] {
  return ['kopia', 'maintenance', 'set', '--owner=me', ...unattended];
}

/** Where nobody else does: kopia tidies by its own rules after a command that may write, in the name of the owner. */
export function tidyCommand(): string[] {
  return ownerCommand().filter((word) => word !== '--no-auto-maintenance');
}

/** How kopia finds the repository of a folder: it takes the script for `ssh`, and speaks SFTP with what is behind it. */
export function folderConfig(limit: number | undefined, direction: Direction): string {
  const limits = { [`max${direction === 'saving' ? 'Upload' : 'Download'}SpeedBytesPerSecond`]: limit };
  const config = {
    path: repositoryPath,
    host: 'nowwhat',
    port: 22,
    username: 'default',
    externalSSH: true,
    sshCommand: '/bin/sh',
    sshArguments: '/work/link',
    dirShards: [],
    ...(limit === undefined ? {} : limits),
  };
  return JSON.stringify({ storage: { type: 'sftp', config }, hostname: 'default', username: 'default' });
}

/** Joins kopia with the streams of the command that started it, which are open as 3 and 4; ends when kopia hangs up. */
export const linkScript = 'cat <&3 4>&- 2>/dev/null & back=$!; cat >&4; kill $back';

/** Where the output of a command is kept that has its own streams for the repository. */
export const saidFile = '/work/said';

export function commandInLink(command: readonly string[]): string[] {
  return ['sh', '-c', `exec 3<&0 4>&1; "$@" </dev/null >${saidFile}`, 'linked', ...command];
}

/** What Velero calls the source of a volume. Source: Velero 1.18, GetRealSource and the kopia uploader. */
export function sourcePath({ namespace, pod, volume }: { namespace: string; pod: string; volume: string }): string {
  return `${requesters.files}/kopia/${namespace}/${pod}/${volume}`;
}

/** The same of a claim whose snapshot is moved. Source: Velero 1.18, pkg/datamover. */
export function movedPath({ namespace, claim }: { namespace: string; claim: string }): string {
  return `${requesters.moved}/kopia/${namespace}/${claim}`;
}

/** Files, and parts of large ones, that are on their way together: each waits for answers from far away, and holds a pack of 20 MB in memory. */
const atOnce = 4;

const forEver = String(2 ** 31 - 1);

/** No snapshot is ever dropped by its age or number, and no file is left out because of what lies beside it. */
export function policyCommand(source: string): string[] {
  const kept = ['latest', 'hourly', 'daily', 'weekly', 'monthly', 'annual'].map((each) => `--keep-${each}=${forEver}`);
  return [
    'kopia',
    'policy',
    'set',
    `${identity}:${source}`,
    ...kept,
    '--compression=none',
    '--manual',
    '--ignore-unknown-types=true',
    '--ignore-cache-dirs=false',
    // A list that is not empty takes the place of the usual one, by which a `.kopiaignore` in the volume would leave files out.
    '--add-dot-ignore=.nowwhat-ignores-nothing',
    '--add-ignore=/lost+found',
    `--max-parallel-file-reads=${atOnce}`,
    `--parallel-upload-above-size-mib=${atOnce * 16}`,
    ...unattended,
    '--no-progress',
  ];
}

export function snapshotCommand(source: string, backup: string): string[] {
  return [
    'kopia',
    'snapshot',
    'create',
    `--override-source=${identity}:${source}`,
    `--tags=snapshot-requester:${requesterOf(source)}`,
    '--tags=snapshot-uploader:kopia',
    `--description=${descriptionOf(backup)}`,
    '--fail-fast',
    // Only what stood in a checkpoint is known to the next run: kopia's own is after 45 minutes.
    '--checkpoint-interval=1m',
    '--json',
    '--progress-update-interval=2s',
    ...unattended,
    dataPath,
  ];
}

export function restoreCommand(snapshot: string, asPod: boolean): string[] {
  return [
    'kopia',
    'restore',
    snapshot,
    dataPath,
    // Who is not root cannot give files away; who is must.
    ...(asPod ? ['--skip-owners'] : ['--no-ignore-permission-errors']),
    '--progress-update-interval=2s',
    ...unattended,
  ];
}

/** What says whose a snapshot is. Velero's have another description. */
function descriptionOf(backup: string): string {
  return `nowwhat backup ${backup}`;
}

const description = /^nowwhat backup (\S+)$/;

export function listSnapshotsCommand(): string[] {
  return ['kopia', 'snapshot', 'list', '--all', '--json', ...unattended];
}

export function deleteSnapshotsCommand(ids: readonly string[]): string[] {
  return ['kopia', 'snapshot', 'delete', ...ids, '--delete', ...unattended];
}

const listSchema = z.array(
  z.looseObject({ id: z.string(), description: z.string().nullish(), source: z.looseObject({ path: z.string() }) }),
);

/** Of what `kopia snapshot list --json` printed, those that backups of ours have made. Throws where it is something else. */
export function parseSnapshots(text: string): readonly { readonly id: string; readonly backup: string }[] {
  return listSchema.parse(JSON.parse(text)).flatMap(({ id, description: said, source }) => {
    const backup = description.exec(said ?? '')?.[1];
    const isOurs = Object.values<string>(requesters).includes(requesterOf(source.path));
    return backup === undefined || !isOurs ? [] : [{ id, backup }];
  });
}

const snapshotSchema = z.looseObject({
  id: z.string().min(1),
  incomplete: z.string().optional(),
  rootEntry: z.looseObject({
    summ: z.looseObject({ size: z.number(), files: z.number(), numFailed: z.number().default(0) }),
  }),
});

export interface Snapshot {
  readonly id: string;
  readonly bytes: number;
  readonly files: number;
}

/** What `kopia snapshot create --json` printed; or why that is no whole snapshot. */
export function parseSnapshot(text: string): Snapshot | string {
  const line = text.split('\n').find((each) => each.startsWith('{')) ?? '';
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return `kopia answered ${JSON.stringify(text.slice(0, 200))}`;
  }
  const parsed = snapshotSchema.safeParse(json);
  if (!parsed.success) return 'kopia told nothing of the snapshot';
  const { id, incomplete = '', rootEntry } = parsed.data;
  const { size, files, numFailed } = rootEntry.summ;
  if (incomplete !== '') return `the snapshot is incomplete: ${incomplete}`;
  return numFailed > 0 ? `${numFailed} entries could not be read` : { id, bytes: size, files };
}

/** As kopia 0.16 to 0.22 tell it; the end is missing until they have looked at all files. */
const saving =
  /hashing, \d+ hashed \((?<read>[^)]*)\), \d+ cached \((?<known>[^)]*)\), uploaded (?<sent>[^,]*)(?:, estimated (?<all>[^(]*) \((?<share>[^)]*)\)(?: (?<left>.*) left)?)?/;

/** The most important first: a terminal may show no more. */
function savingText(line: string): string {
  const { read, known, sent, all, share, left } = saving.exec(line)?.groups ?? {};
  if (sent === undefined) return line;
  const whole = all === undefined ? '' : ` of ${all} (${share})`;
  const unchanged = known === '0 B' ? '' : `, ${known} unchanged`;
  return `${sent} sent, ${read} read${unchanged}${whole}${left === undefined ? '' : `, ${left} left`}`;
}

/** The last state in what kopia writes for a terminal: `1 MB sent, 3 MB read of 8 MB (37%), 2s left`. Nothing where it says nothing new. */
export function parseProgress(text: string): string | undefined {
  const last = text
    .split(/[\r\n]/)
    .map((each) => each.trim())
    .findLast((each) => /hashed|[Pp]rocessed|[Rr]estored/.test(each));
  return last === undefined ? undefined : savingText(last.replace(/^[|/\\*-]\s*/, '')).slice(0, 160);
}

/** What went wrong, out of all that kopia says. */
export function parseComplaint(text: string): string {
  const lines = text
    .split(/[\r\n]/)
    .map((each) => each.trim())
    .filter((each) => each !== '');
  const found = lines.findLast((each) => /error|fail|denied|invalid|unable|no such/i.test(each)) ?? lines.at(-1) ?? '';
  return found.replace(/^ERROR:?\s*/i, '').slice(0, 300);
}

/** Whether kopia says that there is no repository yet. */
export function isUninitialized(text: string): boolean {
  return /not initialized/i.test(text);
}
