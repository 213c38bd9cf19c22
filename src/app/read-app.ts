// Reads the app that the user named, with the settings that hold for it.

import { dirname, isAbsolute, join } from 'node:path';
import { joinSides } from '../compare/index.ts';
import { type ErrorCode, errorCodes, isIn, type Snapshot, type Unreadable, UserError } from '../model/index.ts';
import { newestKnownMinor, parseKubernetesVersion } from '../kube/versions.ts';
import {
  isSavedSnapshot,
  readGivenEvidence,
  loadSaved,
  type PostRender,
  type ReadOptions,
  readSnapshot,
  traceReleases,
} from '../sources/index.ts';
import { configError } from './config/config-error.ts';
import type { ClusterWish } from './cluster/open-cluster.ts';
import type { Outside } from './outside.ts';
import { type LoadedConfig, readConfig } from './config/read-config.ts';

/** What the user asked for about reading; what is left out comes from nowwhat.yaml or a default. */
export interface ReadWish {
  readonly inputs: readonly string[];
  /** A settings file instead of the nearest one. */
  readonly configFile?: string | undefined;
  readonly namespace?: string | undefined;
  readonly minor?: number | undefined;
  readonly values: readonly string[];
  readonly set: readonly string[];
  readonly allowRemote: boolean;
  readonly maxFileBytes: number;
  /** Reports of other tools: files, or folders of them. */
  readonly evidence?: readonly string[];
  /** A cluster instead of files, or beside them. */
  readonly cluster?: ClusterWish | undefined;
}

export interface ReadApp {
  readonly snapshot: Snapshot;
  readonly settings: LoadedConfig;
  /** What the user should know of how it was read. */
  readonly notices: readonly string[];
}

/** Without a single object there is nothing to judge: never a page full of reached levels. */
function nothingRead(first: Unreadable, others: number): UserError {
  const code = isIn(Object.keys(errorCodes) as ErrorCode[], first.code) ? first.code : 'nothing-to-read';
  const { file, line } = first.position;
  const more = others > 0 ? ` (and ${others} more)` : '';
  return new UserError(code, `nothing could be read: ${file}:${line} ${first.reason}${more}`, first.advice);
}

function minorOf({ file = 'nowwhat.yaml', source, config: { kubeVersion } }: LoadedConfig): number {
  if (kubeVersion === undefined) return newestKnownMinor;
  const version = parseKubernetesVersion(kubeVersion);
  if (version !== undefined) return version.minor;
  throw configError(file, source, { path: ['kubeVersion'], what: 'is not a version of Kubernetes such as "1.34"' });
}

/** The version that the user wants; a cluster has one of its own. */
function chosenMinor({ minor }: ReadWish, settings: LoadedConfig): number | undefined {
  return minor ?? (settings.config.kubeVersion === undefined ? undefined : minorOf(settings));
}

/** Reports that the settings name: their paths start from the folder of the settings. */
function evidenceOf({ file = '', config: { evidence = [] } }: LoadedConfig): string[] {
  return evidence.map((path) => (isAbsolute(path) ? path : join(dirname(file), path)));
}

/** Overlays behind charts: paths start from the folder of the settings. */
function postRenderOf({ file = '', config: { postRender = [] } }: LoadedConfig): PostRender[] {
  const path = (each: string): string => (isAbsolute(each) ? each : join(dirname(file), each));
  return postRender.map(({ chart, overlay }) => ({ chart: path(chart), overlay: path(overlay) }));
}

/** How the files of the user's are read. */
export function readOptionsOf(wish: ReadWish, settings: LoadedConfig, outside: Outside): ReadOptions {
  return {
    helm: { values: wish.values, set: wish.set, postRender: postRenderOf(settings) },
    namespace: wish.namespace ?? settings.config.namespace ?? 'default',
    minor: wish.minor ?? minorOf(settings),
    allowRemote: wish.allowRemote,
    maxFileBytes: wish.maxFileBytes,
    evidence: [...(wish.evidence ?? []), ...evidenceOf(settings)],
    stdin: outside.stdin,
    environment: outside.environment,
  };
}

async function readFiles(wish: ReadWish, settings: LoadedConfig, outside: Outside): Promise<Snapshot> {
  outside.progress(`reading ${wish.inputs.join(' ')}`);
  const snapshot = await readSnapshot(wish.inputs, readOptionsOf(wish, settings, outside));
  const [unread] = snapshot.unreadable;
  if (snapshot.objects.length === 0 && unread !== undefined) throw nothingRead(unread, snapshot.unreadable.length - 1);
  return snapshot;
}

/** Evidence counts for a cluster as for files. */
async function withEvidence(snapshot: Snapshot, wish: ReadWish, settings: LoadedConfig): Promise<Snapshot> {
  const paths = [...(wish.evidence ?? []), ...evidenceOf(settings)];
  if (paths.length === 0) return snapshot;
  const given = await readGivenEvidence(paths, wish.maxFileBytes);
  return { ...snapshot, evidence: [...(snapshot.evidence ?? []), ...given] };
}

type Source = Omit<ReadApp, 'settings'>;

async function readLive(
  wish: ReadWish,
  cluster: ClusterWish,
  settings: LoadedConfig,
  outside: Outside,
): Promise<Source> {
  outside.progress(`connecting to ${cluster.context}`);
  const { readClusterSnapshot } = await import('./cluster/open-cluster.ts');
  return readClusterSnapshot(cluster, chosenMinor(wish, settings), outside);
}

/** Where objects go that name no namespace: as with kubectl, into the one of the context. */
async function homeNamespace(
  wish: ReadWish,
  cluster: ClusterWish,
  settings: LoadedConfig,
  outside: Outside,
): Promise<string> {
  const said = cluster.namespaces[0] ?? settings.config.namespace;
  if (said !== undefined) return said;
  const { connectCluster } = await import('./cluster/open-cluster.ts');
  return (await connectCluster(cluster, outside)).namespace;
}

/** The namespaces that the files are about, and those that the user named. */
function namespacesOf({ objects }: Snapshot, { namespaces }: ClusterWish): string[] {
  const all = new Set([...namespaces, ...objects.map(({ namespace }) => namespace)]);
  return [...all].filter((namespace) => namespace !== '').sort();
}

/** Files and a cluster as one: what runs, with what the files say of it. */
async function readBoth(
  wish: ReadWish,
  cluster: ClusterWish,
  settings: LoadedConfig,
  outside: Outside,
): Promise<Source> {
  const namespace = await homeNamespace(wish, cluster, settings, outside);
  const files = await readFiles({ ...wish, namespace }, settings, outside);
  const about = {
    ...cluster,
    namespaces: namespacesOf(files, cluster),
    mayLackNamespaces: true,
    keepManagedFields: true,
  };
  const { snapshot, notices } = await readLive(wish, about, settings, outside);
  return { snapshot: joinSides(files, snapshot), notices };
}

async function readSavedSource(
  input: string,
  wish: ReadWish,
  settings: LoadedConfig,
  outside: Outside,
): Promise<Source> {
  const saved = await loadSaved(input, chosenMinor(wish, settings));
  const inputs = wish.inputs.filter((each) => each !== input);
  if (inputs.length === 0) return { snapshot: await withEvidence(traceReleases(saved), wish, settings), notices: [] };
  return { snapshot: joinSides(await readFiles({ ...wish, inputs }, settings, outside), saved), notices: [] };
}

async function findSaved(inputs: readonly string[]): Promise<string | undefined> {
  for (const input of inputs) if (await isSavedSnapshot(input)) return input;
  return undefined;
}

async function readSource(wish: ReadWish, settings: LoadedConfig, outside: Outside): Promise<Source> {
  const { inputs, cluster } = wish;
  const saved = await findSaved(inputs);
  if (saved !== undefined) return readSavedSource(saved, wish, settings, outside);
  if (cluster === undefined) return { snapshot: await readFiles(wish, settings, outside), notices: [] };
  if (inputs.length > 0) return readBoth(wish, cluster, settings, outside);
  const { snapshot, notices } = await readLive(wish, cluster, settings, outside);
  return { snapshot: await withEvidence(traceReleases(snapshot), wish, settings), notices };
}

/** Throws `UserError` where a path is missing, a cluster does not answer, the settings are wrong, or no object could be read. */
export async function readApp(wish: ReadWish, outside: Outside): Promise<ReadApp> {
  const settings = await readConfig(wish.inputs[0] ?? '.', wish.configFile);
  return { ...(await readSource(wish, settings, outside)), settings };
}
