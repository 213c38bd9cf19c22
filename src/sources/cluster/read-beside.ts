// Reads what tells how a cluster works and lies outside of the namespaces that were asked for. Nobody needs the rights to it: what is refused stays unknown.

import { parseApiVersion } from '../../kube/api-version.ts';
import { scheduledBackup, scheduledDrill } from '../../kube/backup-schedule.ts';
import {
  asArray,
  asObject,
  asString,
  type ClusterBeside,
  type Json,
  type JsonObject,
  type KubeletReading,
  type KubeObject,
} from '../../model/index.ts';
import { classVariables, isReady, isVirtualNode, keepClassWords } from '../../inventory/index.ts';
import { mapBounded } from '../files/map-bounded.ts';
import { type ClusterReader, type ListedKind, NotPermitted, type ServedKinds } from './cluster-reader.ts';
import { projectObject } from './project.ts';

/** Kinds of which all namespaces are read: programs of the cluster run anywhere, and other people's backups may include the app. */
const wide: readonly string[] = [
  'apps/DaemonSet',
  'apps/Deployment',
  'apps/StatefulSet',
  'batch/CronJob',
  'gateway.networking.k8s.io/Gateway',
  'monitoring.coreos.com/Prometheus',
  'monitoring.coreos.com/PrometheusAgent',
  'monitoring.coreos.com/ThanosRuler',
  'security.istio.io/PeerAuthentication',
  'velero.io/Backup',
  'velero.io/BackupStorageLocation',
  'velero.io/Schedule',
  'config.kio.kasten.io/Policy',
  'actions.kio.kasten.io/RunAction',
  'longhorn.io/RecurringJob',
];

/** Kinds of which only `kube-system` is read: static pods of the control plane, and settings of the network. */
const narrow: readonly string[] = ['/Pod', '/ConfigMap'];

const systemNamespace = 'kube-system';

const keptConfigMaps: ReadonlySet<string> = new Set([
  'amazon-vpc-cni',
  'antrea-config',
  'canal-config',
  'cilium-config',
  'kube-proxy',
  'kube-router-cfg',
]);

/** Values of other environment variables are somebody else's, and may be secret. */
const keptEnv: ReadonlySet<string> = new Set([
  'ENABLE_NETWORK_POLICY',
  'NETWORK_POLICY_ENFORCING_MODE',
  ...classVariables,
]);

/** Kubelets that are asked, at most: the nodes of a pool are alike. */
const mostKubelets = 50;

function groupKind({ group, kind }: ListedKind): string {
  return `${group}/${kind}`;
}

function isOnItsOwn(raw: JsonObject): boolean {
  return asArray(asObject(raw['metadata'])['ownerReferences']).every((owner) => asObject(owner)['kind'] === 'Node');
}

function keepEnv(value: Json | undefined): Json[] {
  return asArray(value).filter((each) => keptEnv.has(asString(asObject(each)['name']) ?? ''));
}

/** Of other programs only those that say which Ingresses a controller serves. */
function slimArguments(command: Json | undefined, args: Json | undefined): JsonObject {
  const words = [...asArray(command), ...asArray(args)].flatMap((word) => asString(word) ?? []);
  const kept = keepClassWords(words);
  return kept.length === 0 ? {} : { args: kept };
}

/** Arguments may hold what is secret: they are kept of programs that belong to the cluster, not of apps. */
function slimContainers(value: Json | undefined, withArguments: boolean): JsonObject[] {
  return asArray(value).map((each) => {
    const { name, image, ports, command, args, env } = asObject(each);
    const words = withArguments ? { command, args } : slimArguments(command, args);
    return { name, image, ...(ports === undefined ? {} : { ports }), ...words, env: keepEnv(env) };
  });
}

function slimPodSpec(spec: JsonObject, withArguments: boolean): JsonObject {
  const { hostNetwork, containers, initContainers } = spec;
  return {
    ...(hostNetwork === undefined ? {} : { hostNetwork }),
    containers: slimContainers(containers, withArguments),
    ...(initContainers === undefined ? {} : { initContainers: slimContainers(initContainers, withArguments) }),
  };
}

function slimMetadata(raw: JsonObject): JsonObject {
  const { name, namespace, labels } = asObject(raw['metadata']);
  return { name, namespace, ...(labels === undefined ? {} : { labels }) };
}

function slimWorkload(raw: JsonObject): JsonObject {
  const { kind } = raw;
  const metadata = slimMetadata(raw);
  const withArguments = kind === 'DaemonSet' || metadata['namespace'] === systemNamespace;
  const { replicas, selector, template } = asObject(raw['spec']);
  const { labels } = asObject(asObject(template)['metadata']);
  const podSpec = slimPodSpec(asObject(asObject(template)['spec']), withArguments);
  // Policies find the pods of a program by their labels.
  const ways = {
    ...(replicas === undefined ? {} : { replicas }),
    ...(selector === undefined ? {} : { selector }),
  };
  const pods = { ...(labels === undefined ? {} : { metadata: { labels } }), spec: podSpec };
  return { apiVersion: raw['apiVersion'], kind, metadata, spec: { ...ways, template: pods } };
}

function pick(object: JsonObject, fields: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([field]) => fields.includes(field)));
}

/** There is one for each night of months, and only what it takes in and whether it worked are asked for. */
function slimBackup(raw: JsonObject): JsonObject {
  const spec = pick(asObject(raw['spec']), ['includedNamespaces', 'excludedNamespaces']);
  const status = pick(asObject(raw['status']), ['phase', 'startTimestamp', 'completionTimestamp']);
  return { apiVersion: raw['apiVersion'], kind: raw['kind'], metadata: slimMetadata(raw), spec, status };
}

function isSchedule(cronJob: JsonObject): boolean {
  return (scheduledBackup(cronJob) ?? scheduledDrill(cronJob)) !== undefined;
}

/** The part of an object that says how the cluster works; `undefined` for what says nothing of it. */
function slim(raw: JsonObject): JsonObject | undefined {
  const { apiVersion, kind, spec } = raw;
  if (kind === 'Pod')
    return isOnItsOwn(raw)
      ? { apiVersion, kind, metadata: slimMetadata(raw), spec: slimPodSpec(asObject(spec), true) }
      : undefined;
  if (kind === 'ConfigMap')
    return keptConfigMaps.has(asString(asObject(raw['metadata'])['name']) ?? '')
      ? projectObject(raw, { keepManagedFields: false })
      : undefined;
  if (kind === 'Backup') return slimBackup(raw);
  // Of other people's jobs, only a schedule of ours may be about the app.
  if (kind === 'CronJob') return isSchedule(raw) ? projectObject(raw, { keepManagedFields: false }) : undefined;
  return apiVersion === 'apps/v1' ? slimWorkload(raw) : projectObject(raw, { keepManagedFields: false });
}

/** Items of a list leave out what the list says of all of them. */
function slimAll(page: readonly JsonObject[], identity: JsonObject): JsonObject[] {
  return page.map((item) => slim({ ...identity, ...item })).filter((kept) => kept !== undefined);
}

interface Beside {
  readonly objects: readonly JsonObject[];
  readonly whole: boolean;
  readonly why?: string;
}

export interface BesideWish {
  readonly namespaces: readonly string[];
  readonly concurrency: number;
}

function reasonOf(error: unknown): string {
  if (error instanceof NotPermitted) return 'may not be listed';
  return error instanceof Error ? error.message : String(error);
}

/** What is refused or breaks is left out: the facts that rest on it are unknown. */
async function readOne(reader: ClusterReader, kind: ListedKind, namespace: string): Promise<Beside> {
  const apiVersion = kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
  const objects: JsonObject[] = [];
  try {
    for await (const page of reader.list(kind, namespace))
      objects.push(...slimAll(page, { apiVersion, kind: kind.kind }));
    return { objects, whole: true };
  } catch (error) {
    return { objects: [], whole: false, why: reasonOf(error) };
  }
}

async function readKind(reader: ClusterReader, kind: ListedKind): Promise<Beside> {
  if (narrow.includes(groupKind(kind))) return { ...(await readOne(reader, kind, systemNamespace)), whole: false };
  const everywhere = await readOne(reader, kind, '');
  if (everywhere.whole) return everywhere;
  return { ...everywhere, objects: (await readOne(reader, kind, systemNamespace)).objects };
}

function namespaceOf(raw: JsonObject): string {
  return asString(asObject(raw['metadata'])['namespace']) ?? '';
}

async function readKubelet(
  reader: Required<ClusterReader>,
  node: string,
): Promise<KubeletReading & { refused?: true }> {
  try {
    return { node, config: await reader.kubeletConfig(node) };
  } catch (error) {
    const unread = error instanceof Error ? error.message : String(error);
    return error instanceof NotPermitted ? { node, unread, refused: true } : { node, unread };
  }
}

/** Who may not ask one kubelet may ask none: the others are not tried. */
export async function readKubelets(
  reader: ClusterReader,
  nodes: readonly KubeObject[],
  concurrency: number,
): Promise<KubeletReading[]> {
  const { kubeletConfig } = reader;
  // A node that is not ready would only keep everybody waiting.
  const able = nodes.filter((node) => !isVirtualNode(node) && isReady(asObject(node.raw['status'])) === true);
  const [first, ...others] = able.slice(0, mostKubelets);
  if (kubeletConfig === undefined || first === undefined) return [];
  const asking = { ...reader, kubeletConfig };
  const { refused = false, ...answer } = await readKubelet(asking, first.name);
  if (refused) return [answer];
  return [answer, ...(await mapBounded(others, concurrency, ({ name }) => readKubelet(asking, name)))];
}

/** Reads nothing where all namespaces were read anyway. */
export async function readBeside(
  reader: ClusterReader,
  { kinds, silent }: ServedKinds,
  { namespaces, concurrency }: BesideWish,
): Promise<Omit<ClusterBeside, 'kubelets'>> {
  if (namespaces.length === 0) return { objects: [], whole: [], unread: [] };
  const wanted = new Set([...wide, ...narrow]);
  const served = kinds.filter((kind) => wanted.has(groupKind(kind)));
  const read = await mapBounded(served, concurrency, async (kind) => ({ kind, ...(await readKind(reader, kind)) }));
  const names = new Set(served.map(groupKind));
  const asked = new Set(namespaces);
  const silentGroups = new Set(silent.map(({ groupVersion }) => parseApiVersion(groupVersion).group));
  return {
    objects: read.flatMap(({ objects }) => objects).filter((raw) => !asked.has(namespaceOf(raw))),
    whole: [
      ...read.filter(({ whole }) => whole).map(({ kind }) => groupKind(kind)),
      // What is not served cannot exist.
      ...wide.filter((kind) => !names.has(kind) && !silentGroups.has(kind.replace(/\/.*/, ''))),
    ],
    unread: read.flatMap(({ kind, why }) => (why === undefined ? [] : { kind: groupKind(kind), why })),
  };
}
