// How kopia is called so that Velero finds what it would have written itself, and what kopia answers: pure. Source: Velero 1.18, pkg/uploader/kopia and
// pkg/repository/udmrepo; kopia 0.16 to 0.22.

import { z } from 'zod';
import { authorityFile, dataPath } from './helper-pod.ts';

/** The bucket as a pod reaches it. */
export interface Repository {
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

/** Who a snapshot is said to be from, in every repository of Velero. */
const identity = 'default@default';
const requester = 'pod-volume-backup-restore';

/** Velero's own default, and no secret: who can read the bucket can read the data. */
export const usualPassword = 'static-passw0rd';

function connection(word: 'connect' | 'create', namespace: string, repository: Repository): string[] {
  const { bucket, prefix, endpoint, region, hasAuthority, limit } = repository;
  const url = new URL(endpoint);
  return [
    'kopia',
    'repository',
    word,
    's3',
    `--bucket=${bucket}`,
    `--prefix=${prefix}kopia/${namespace}/`,
    `--endpoint=${url.host}`,
    `--region=${region}`,
    '--override-username=default',
    '--override-hostname=default',
    '--no-use-keyring',
    '--no-progress',
    ...(url.protocol === 'http:' ? ['--disable-tls'] : []),
    ...(hasAuthority ? [`--root-ca-pem-path=${authorityFile}`] : []),
    ...(limit === undefined ? [] : [`--max-upload-speed=${limit}`, `--max-download-speed=${limit}`]),
  ];
}

export function connectCommand(namespace: string, repository: Repository): string[] {
  return connection('connect', namespace, repository);
}

export function createCommand(namespace: string, repository: Repository): string[] {
  return connection('create', namespace, repository);
}

/** What Velero calls the source of a volume. Source: Velero 1.18, GetRealSource and the kopia uploader. */
export function sourcePath({ namespace, pod, volume }: { namespace: string; pod: string; volume: string }): string {
  return `${requester}/kopia/${namespace}/${pod}/${volume}`;
}

const forEver = String(2 ** 31 - 1);
const unattended = ['--no-auto-maintenance', '--no-use-keyring'];

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
    ...unattended,
    '--no-progress',
  ];
}

export function snapshotCommand(source: string, description: string): string[] {
  return [
    'kopia',
    'snapshot',
    'create',
    `--override-source=${identity}:${source}`,
    `--tags=snapshot-requester:${requester}`,
    '--tags=snapshot-uploader:kopia',
    `--description=${description}`,
    '--fail-fast',
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

/** The last state in what kopia writes for a terminal: `3 MB hashed, 1 MB uploaded`. Nothing where it says nothing new. */
export function parseProgress(text: string): string | undefined {
  const last = text
    .split(/[\r\n]/)
    .map((each) => each.trim())
    .findLast((each) => /hashed|[Pp]rocessed|[Rr]estored/.test(each));
  return last?.replace(/^[|/\\*-]\s*/, '').slice(0, 160);
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

/** Whether somebody else made the repository in the same moment. */
export function isInitialized(text: string): boolean {
  return /existing data|already initialized/i.test(text);
}
