// A snapshot of a cluster: every kind that matters, page by page, a few lists at a time; what may not be listed is told with the rule it needs.

import { createHmac, randomBytes } from 'node:crypto';
import { toObject } from '../../kube/manifests/parse-manifests.ts';
import { sourceInCluster } from '../../kube/manifests/source-in-cluster.ts';
import { parseKubernetesVersion } from '../../kube/versions.ts';
import {
  asObject,
  asString,
  type HelmRelease,
  type JsonObject,
  type KubeObject,
  type NotListed,
  type ObjectSource,
  type Snapshot,
  type Unreadable,
  UserError,
  type WithheldSecret,
} from '../../model/index.ts';
import { mapBounded } from '../files/map-bounded.ts';
import { parseApiVersion } from '../../kube/api-version.ts';
import { isRead, isReadGroup } from './choose-kinds.ts';
import { type ClusterReader, type ListedKind, NotPermitted, type ServedKinds } from './cluster-reader.ts';
import { readHelmRelease, runningReleases } from './helm-release.ts';
import { describeValues, projectObject } from './project.ts';
import { readBeside, readKubelets } from './read-beside.ts';

export interface ReadClusterOptions {
  /** Namespaces to read; empty for all. Kinds without a namespace are read in any case. */
  readonly namespaces: readonly string[];
  /** Lists at the same time, at most. */
  readonly concurrency: number;
  readonly keepManagedFields: boolean;
  /** Target version, where it is not the server's own. */
  readonly minor?: number | undefined;
  /** Told after each list, in a few words. */
  readonly progress: (what: string) => void;
}

interface Listing {
  readonly kind: ListedKind;
  readonly namespace: string;
}

interface Listed {
  readonly objects: readonly KubeObject[];
  readonly notListed: readonly NotListed[];
  readonly unreadable: readonly Unreadable[];
}

function apiVersionOf({ group, version }: ListedKind): string {
  return group === '' ? version : `${group}/${version}`;
}

/** The items of a list leave out what the list says of all of them. */
function complete(item: JsonObject, kind: ListedKind): JsonObject {
  return { apiVersion: apiVersionOf(kind), kind: kind.kind, ...item };
}

function plan(kinds: readonly ListedKind[], namespaces: readonly string[]): Listing[] {
  return kinds.filter(isRead).flatMap((kind) => {
    if (!kind.namespaced || namespaces.length === 0) return [{ kind, namespace: '' }];
    return namespaces.map((namespace) => ({ kind, namespace }));
  });
}

function toNotListed({ kind: { group, kind, resource }, namespace }: Listing): NotListed {
  return { group, kind, resource, namespace };
}

function listFailure(context: string, reason: string): Unreadable {
  const position = { file: context, line: 1, column: 1 };
  const advice = 'Run the command again; if it stays, ask the administrator of the cluster.';
  return { code: 'list-failed', position, reason, advice };
}

function failedList(listing: Listing, context: string, error: unknown): Listed {
  const { kind, namespace } = listing;
  const where = namespace === '' ? '' : ` in namespace ${namespace}`;
  const reason = `${kind.resource}${where} could not be listed: ${error instanceof Error ? error.message : String(error)}`;
  return {
    objects: [],
    notListed: [{ ...toNotListed(listing), failed: true }],
    unreadable: [listFailure(context, reason)],
  };
}

/** Groups that do not say what they hold: any kind of theirs may be there. What is known of them is listed, and fails or not by itself. */
function silentGroups({ kinds, silent }: ServedKinds, context: string): Listed {
  const known = new Set(kinds.map(apiVersionOf));
  const unknown = silent
    .map((each) => ({ ...each, ...parseApiVersion(each.groupVersion) }))
    .filter(({ group, groupVersion }) => isReadGroup(group) && !known.has(groupVersion));
  return {
    objects: [],
    notListed: unknown.map(({ group }) => ({ group, kind: '*', resource: '*', namespace: '', failed: true })),
    unreadable: unknown.map(({ groupVersion, reason }) =>
      listFailure(context, `what ${groupVersion} serves could not be read: ${reason}`),
    ),
  };
}

/** Without its key nobody can try values against a fingerprint, and nobody keeps the key. */
function createFingerprint(): (value: string) => string {
  const key = randomBytes(32);
  return (value) => createHmac('sha256', key).update(value).digest('hex').slice(0, 16);
}

class Reading {
  readonly secrets: WithheldSecret[] = [];
  readonly releases: HelmRelease[] = [];
  private readonly fingerprint = createFingerprint();
  private readonly reader: ClusterReader;
  private readonly options: ReadClusterOptions;
  private readonly source: ObjectSource;
  private count = 0;

  constructor(reader: ClusterReader, options: ReadClusterOptions) {
    this.reader = reader;
    this.options = options;
    this.source = sourceInCluster(reader.name);
  }

  /** A hole is told, never silent: what one list could not give does not stop the others. */
  async list(listing: Listing): Promise<Listed> {
    try {
      const objects = await this.readPages(listing);
      this.count += objects.length;
      this.options.progress(`reading ${this.reader.name}: ${this.count} objects`);
      return { objects, notListed: [], unreadable: [] };
    } catch (error) {
      return error instanceof NotPermitted
        ? { objects: [], notListed: [toNotListed(listing)], unreadable: [] }
        : failedList(listing, this.reader.name, error);
    }
  }

  private async readPages({ kind, namespace }: Listing): Promise<KubeObject[]> {
    const objects: KubeObject[] = [];
    for await (const page of this.reader.list(kind, namespace))
      for (const item of page) {
        const raw = complete(item, kind);
        const secret = describeValues(raw, this.fingerprint);
        if (secret !== undefined) this.secrets.push(secret);
        const release = secret === undefined ? undefined : readHelmRelease(raw);
        if (release !== undefined) this.releases.push(release);
        objects.push(toObject(projectObject(raw, this.options), this.source, 'default'));
      }
    return objects;
  }
}

/** Some kinds are served under two groups: the objects are the same, and count once. */
function onceEach(objects: readonly KubeObject[]): KubeObject[] {
  const seen = new Set<string>();
  return objects.filter((object) => {
    const uid = asString(asObject(object.raw['metadata'])['uid']);
    if (uid === undefined) return true;
    if (seen.has(uid)) return false;
    seen.add(uid);
    return true;
  });
}

function minorOf(version: string): number {
  const parsed = parseKubernetesVersion(version.replace(/[+-].*$/, ''));
  if (parsed !== undefined) return parsed.minor;
  throw new UserError('cluster-failed', `the server tells its version as "${version}"`, 'Give --kube-version.');
}

/** Throws `UserError` where the cluster cannot be reached at all; what single lists refuse is in the snapshot. */
export async function readCluster(reader: ClusterReader, options: ReadClusterOptions): Promise<Snapshot> {
  const [serverVersion, served] = await Promise.all([reader.serverVersion(), reader.kinds()]);
  const reading = new Reading(reader, options);
  const listings = plan(served.kinds, options.namespaces);
  const [read, beside] = await Promise.all([
    mapBounded(listings, options.concurrency, (listing) => reading.list(listing)),
    readBeside(reader, served, options),
  ]);
  const lists = [...read, silentGroups(served, reader.name)];
  const objects = onceEach(lists.flatMap((list) => list.objects));
  const nodes = objects.filter(({ group, kind }) => group === '' && kind === 'Node');
  const kubelets = await readKubelets(reader, nodes, options.concurrency);
  return {
    objects,
    unreadable: lists.flatMap(({ unreadable }) => unreadable),
    skipped: [],
    duplicateKeys: [],
    redefinitions: [],
    texts: [],
    facts: {
      inputs: [reader.name],
      files: 0,
      minor: options.minor ?? minorOf(serverVersion),
      cluster: {
        context: reader.name,
        serverVersion,
        namespaces: options.namespaces,
        notListed: lists.flatMap((list) => list.notListed),
        secrets: reading.secrets,
        releases: runningReleases(reading.releases),
        beside: { ...beside, kubelets },
      },
    },
  };
}
