// A drill: a backup is restored behind a fence, waited for, held against the backup object by object, and removed. With a difference made on purpose,
// which must be found, or nothing was shown.

import { noFilters } from '../collect/object-filters.ts';
import {
  type ApiClient,
  createObject,
  deleteObject,
  type Discovery,
  discover,
  getObject,
  isApiError,
  objectNameOf,
  patchObject,
} from '../../api/index.ts';
import { asString, asObject, type JsonObject, UserError } from '../../model/index.ts';
import { noCounts } from '../restore/ledger.ts';
import { restoreBackup, visitBackup } from '../restore/restore-backup.ts';
import { removeRestoredContents } from '../snapshots/release-restored.ts';
import type { RestoreContext, RestoreReport, RestoreWish, Visited } from '../restore/restore-wish.ts';
import type { FilesDrill, FilesDrilled } from '../volumes/drill-files.ts';
import { awaitReady, type Restarted } from './await-ready.ts';
import { type ClaimForDirectory } from './inner-directories.ts';
import { compareRestored, type Difference } from './compare-restored.ts';
import type { DrillProbe } from './probes/parse-probes.ts';
import { type ProbeResult, runProbes } from './probes/run-probes.ts';
import { emptyFence, requireFence } from './standing-fence.ts';
import { drillLabel, fenceObject, fencePolicy, isDrilled, isOnlyAsked } from './fence.ts';

export interface DrillWish {
  readonly backup: string;
  /** ISO time at which the backup was begun: what came later is not in it. */
  readonly saved: string;
  /** Namespaces of the backup, and the copies that are made of them. */
  readonly copies: ReadonlyMap<string, string>;
  /** Milliseconds that workloads may take to be ready. */
  readonly readyWithin: number;
  readonly concurrency: number;
  /** What is asked of the app once it is ready. */
  readonly probes: readonly DrillProbe[];
  /** Claims are filled from their snapshots. */
  readonly fillsFromSnapshots: boolean;
  /** What is mounted in the place of directories of nodes: the name of a claim, or nothing where they begin empty. */
  readonly claimFor?: ClaimForDirectory | undefined;
  /** The copies are namespaces that stand ready with their fence: they are found empty, and left empty. */
  readonly isStanding: boolean;
  /** Where data of volumes come back: what was seen of their files. */
  readonly files?: Pick<FilesDrill, 'report'>;
}

export interface DrillReport {
  readonly backup: string;
  readonly copies: readonly (readonly [from: string, to: string])[];
  readonly restored: RestoreReport['counts'];
  readonly failed: readonly string[];
  readonly workloads: number;
  readonly unready: readonly string[];
  /** Workloads whose containers ended and were started again on the way. */
  readonly restarted: readonly Restarted[];
  /** What the user asked of the app. */
  readonly probes: readonly ProbeResult[];
  /** Objects that were held against the backup. */
  readonly compared: number;
  readonly differences: readonly Difference[];
  /** The difference that was made on purpose, and whether it was found. */
  readonly control: { readonly what: string; readonly found: boolean };
  readonly files: FilesDrilled;
  /** Claims whose data were not compared: of them only the claim was shown. */
  readonly claims: number;
  /** Milliseconds from the beginning until the last workload was ready, for good, and the last probe held. */
  readonly recoveryTime: number;
  /** Milliseconds since the backup: what would be lost. */
  readonly recoveryPoint: number;
  /** All came back, is ready, answers and is the same, and the control was found. */
  readonly holds: boolean;
}

const kinds = {
  namespaces: { group: '', version: 'v1', resource: 'namespaces' },
  policies: { group: 'networking.k8s.io', version: 'v1', resource: 'networkpolicies' },
} as const;

const noFiles: FilesDrilled = {
  volumes: 0,
  directories: 0,
  compared: 0,
  moving: 0,
  differences: [],
  control: undefined,
};

/** Accounts come back by themselves, and claims go only when nobody uses them. */
const noControls: ReadonlySet<string> = new Set(['namespaces', 'serviceaccounts', 'persistentvolumeclaims']);

class Drill {
  private readonly wish: DrillWish;
  private readonly context: RestoreContext;
  private readonly client: ApiClient;
  private control: Visited | undefined;
  private claims = 0;

  constructor(wish: DrillWish, context: RestoreContext) {
    this.wish = wish;
    this.context = context;
    this.client = context.client;
  }

  async run(): Promise<DrillReport> {
    const { wish, context } = this;
    const started = context.now();
    const discovery = await discover(this.client);
    await this.fence(discovery);
    const restored = await this.restore();
    if (typeof restored === 'string') return this.endedEarly(restored, started);
    const { answer: probes, answeredAt, ...readiness } = await this.awaitReady(discovery);
    const { compared, differences } = await this.compare(restored);
    const control = await this.tryControl();
    const failed = restored.items.flatMap(({ result, groupResource, name, message = '' }) =>
      result === 'failed' ? [`${groupResource} ${name}: ${message}`] : [],
    );
    const files = wish.files?.report() ?? noFiles;
    const silent = probes.filter(({ holds }) => !holds);
    const troubles = [failed, readiness.unready, silent, differences, files.differences];
    const isWhole = troubles.every((each) => each.length === 0) && files.control?.found !== false;
    return {
      backup: wish.backup,
      copies: [...wish.copies],
      restored: restored.counts,
      failed,
      ...readiness,
      probes,
      compared,
      differences,
      control,
      files,
      claims: Math.max(0, this.claims - (files.volumes - files.directories)),
      recoveryTime: answeredAt - started,
      recoveryPoint: started - Date.parse(wish.saved),
      holds: isWhole && compared > 0 && control.found,
    };
  }

  /** Why the data of a volume cannot be read back: that is what a drill is for. */
  private async restore(): Promise<RestoreReport | string> {
    try {
      return await restoreBackup(this.restoreWish(), this.context);
    } catch (error) {
      if (error instanceof UserError && error.code === 'volume-unreadable') return error.message;
      throw error;
    }
  }

  private endedEarly(why: string, started: number): DrillReport {
    const { backup, copies, saved, files } = this.wish;
    return {
      backup,
      copies: [...copies],
      restored: { ...noCounts },
      failed: [why],
      workloads: 0,
      unready: [],
      restarted: [],
      probes: [],
      compared: 0,
      differences: [],
      control: { what: 'nothing was spoilt on purpose, for nothing runs', found: false },
      files: files?.report() ?? noFiles,
      claims: 0,
      recoveryTime: this.context.now() - started,
      recoveryPoint: started - Date.parse(saved),
      holds: false,
    };
  }

  /** The fence stands before anything runs behind it. */
  private async fence(discovery: Discovery): Promise<void> {
    if (this.wish.isStanding) return this.clear(discovery);
    for (const name of this.wish.copies.values()) {
      const metadata = { name, labels: { [drillLabel]: 'true' } };
      await createObject(this.client, kinds.namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata });
      await createObject(this.client, kinds.policies, fencePolicy(name));
    }
  }

  /** What a drill that was killed has left is no part of this one. */
  private async clear(discovery: Discovery): Promise<void> {
    const { client, context } = this;
    for (const name of this.wish.copies.values()) {
      await requireFence(client, name);
      const [left] = await emptyFence({ client, discovery, sleep: context.sleep }, name);
      if (left !== undefined)
        throw new UserError('cluster-failed', `what an earlier drill has left does not go: ${left}`, 'Remove it.');
    }
  }

  private restoreWish(): RestoreWish {
    const { backup, copies, concurrency, isStanding } = this.wish;
    return {
      backup,
      name: `drill-${backup}`,
      selection: {
        takesNamespace: (name) => copies.has(name),
        takesAllNamespaces: false,
        takesResource: () => true,
        includeClusterResources: false,
        rulesOf: noFilters,
      },
      namespaceMappings: copies,
      // The namespace is there already, and its labels come from the backup.
      existing: 'update',
      preserveNodePorts: false,
      storageClasses: new Map(),
      images: [],
      statusResources: [],
      fillsFromSnapshots: this.wish.fillsFromSnapshots,
      dryRun: false,
      concurrency,
      adjust: {
        // A fence that stands is not to be changed by who is behind it.
        takes: (place, object) => isDrilled(place, object) && !(isStanding && place.groupResource === 'namespaces'),
        change: (place, object) => fenceObject(place, object, this.wish.claimFor),
        isOnlyAsked,
      },
    };
  }

  private awaitReady(discovery: Discovery) {
    const { client, now, sleep, progress } = this.context;
    const namespaces = [...this.wish.copies.values()];
    const waiting = { client, discovery, namespaces, within: this.wish.readyWithin, now, sleep, progress };
    return awaitReady(waiting, () => this.probe());
  }

  private probe(): Promise<readonly ProbeResult[]> {
    const { client, now, sleep, progress } = this.context;
    const { copies, probes } = this.wish;
    const copyOf = (namespace: string | undefined): string =>
      (namespace === undefined ? [...copies.values()][0] : copies.get(namespace)) ?? '';
    return runProbes({ client, copyOf, now, sleep, progress }, probes);
  }

  private async compare({ newUids }: RestoreReport): Promise<{ compared: number; differences: Difference[] }> {
    const differences: Difference[] = [];
    let compared = 0;
    const visit = async (visited: Visited) => {
      this.note(visited);
      const difference = await compareRestored(this.client, visited);
      compared += 1;
      if (difference !== undefined) differences.push(difference);
      return { result: 'unchanged', uid: '' } as const;
    };
    // Data are in, and their pods use them already.
    const { fillVolumes: _fill, ...context } = this.context;
    await visitBackup(this.restoreWish(), context, { visit, newUids });
    return { compared, differences };
  }

  /** A ConfigMap is what a change on purpose harms least; any object will do. */
  private note(visited: Visited): void {
    const { groupResource } = visited.place;
    if (groupResource === 'persistentvolumeclaims') this.claims += 1;
    if (visited.isOnlyAsked || noControls.has(groupResource)) return;
    if (this.control === undefined || groupResource === 'configmaps') this.control = visited;
  }

  /** One object of the copy is spoilt; looking again must find it. */
  private async tryControl(): Promise<DrillReport['control']> {
    const { control, client } = this;
    if (control === undefined) return { what: 'there was no object to spoil', found: false };
    const { place, resource, object } = control;
    const namespace = asString(asObject(object['metadata'])['namespace']) ?? '';
    const name = { namespace, name: place.name };
    const [key] = Object.keys(asObject(object['data']));
    if (place.groupResource === 'configmaps' && key !== undefined) {
      await patchObject(client, resource, name, { type: 'merge', body: { data: { [key]: 'spoilt by a drill' } } });
      const difference = await compareRestored(client, control);
      return { what: `a value of configmaps ${place.name} was changed`, found: difference !== undefined };
    }
    await deleteObject(client, resource, name);
    await this.awaitGone(control);
    const difference = await compareRestored(client, control);
    return { what: `${place.groupResource} ${place.name} was deleted`, found: difference !== undefined };
  }

  private async awaitGone({ resource, object }: Visited): Promise<void> {
    await untilGone(this.context, () => getObject(this.client, resource, objectNameOf(object)));
  }
}

/** A minute and a half: pods may take half a minute to end. */
const mostTries = 180;

async function untilGone({ sleep }: Pick<RestoreContext, 'sleep'>, look: () => Promise<unknown>): Promise<boolean> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    try {
      await look();
    } catch (error) {
      if (isApiError(error, 404)) return true;
      throw error;
    }
    await sleep(500);
  }
  return false;
}

export interface EndingDrill extends Pick<DrillWish, 'isStanding' | 'fillsFromSnapshots'> {
  readonly copies: ReadonlySet<string>;
}

/** The same of fences that stay. */
async function endStanding(
  { client, sleep }: Pick<RestoreContext, 'client' | 'sleep'>,
  { copies, fillsFromSnapshots }: EndingDrill,
): Promise<readonly string[]> {
  const discovery = await discover(client);
  const left: string[] = [];
  for (const name of copies) {
    await requireFence(client, name);
    left.push(...(await emptyFence({ client, discovery, sleep }, name)));
  }
  if (fillsFromSnapshots) await removeRestoredContents(client, copies);
  return left;
}

/** Removes what a drill made, also where it was broken off. Answers with what is still on its way out. */
export async function endDrill(
  context: Pick<RestoreContext, 'client' | 'sleep'>,
  ending: EndingDrill,
): Promise<readonly string[]> {
  const { client } = context;
  const { copies } = ending;
  if (ending.isStanding) return endStanding(context, ending);
  const end = async (name: string): Promise<readonly string[]> => {
    const look = (): Promise<JsonObject> => getObject(client, kinds.namespaces, { name });
    const found = await look().catch((error: unknown) => {
      if (isApiError(error, 404)) return undefined;
      throw error;
    });
    // Never one that no drill made.
    if (asObject(asObject(found?.['metadata'])['labels'])[drillLabel] !== 'true') return [];
    await deleteObject(client, kinds.namespaces, { name });
    return (await untilGone(context, look)) ? [] : [name];
  };
  const left = (await Promise.all([...copies].map(end))).flat();
  await removeRestoredContents(client, copies);
  return left;
}

/** Throws `UserError` where the backup cannot be read or the cluster is gone; `endDrill` must be called in any case. */
export function runDrill(wish: DrillWish, context: RestoreContext): Promise<DrillReport> {
  return new Drill(wish, context).run();
}
