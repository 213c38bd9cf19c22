// How strictly Pod Security admission can judge each namespace: from files or a cluster, and proven by a dry run of the labels.

import { type ApiClient, createClient } from '../../api/index.ts';
import { renderBlock } from '../../fixes/index.ts';
import {
  type Blocker,
  findBreakingPods,
  findStandings,
  type LabelStep,
  nextLevel,
  planLabels,
  rankOf,
  type Standing,
  type StandingLevel,
  withPrefix,
} from '../../isolation/index.ts';
import { type Inventory, prepareInventory } from '../../inventory/index.ts';
import { newestPodSecurityMinor } from '../../kube/pod-security/index.ts';
import { type JsonObject, type Snapshot, UserError } from '../../model/index.ts';
import { timeOf } from '../plans/apply-plan.ts';
import { inputsOfCluster } from '../records/proof-inputs.ts';
import { recordProof } from '../records/proofs.ts';
import { findRecordRoot, keepsRecords } from '../records/record-folder.ts';
import { connectCluster } from '../cluster/open-cluster.ts';
import { readApp, type ReadWish } from '../read-app.ts';
import type { Outside } from '../outside.ts';

export interface PodSecurityWish extends ReadWish {
  /** Ask the cluster itself, by a dry run of the labels. */
  readonly prove: boolean;
  /** The command and the version of the program, for the record of the proof. */
  readonly told: { readonly command: string; readonly version: string };
}

/** One label that the API server was asked to take, without storing it. */
export interface LabelTrial {
  readonly namespace: string;
  readonly level: StandingLevel;
  /** `v1.N`. */
  readonly version: string;
}

export interface TriedLabel extends LabelTrial {
  /** `admits`: no pod of today breaks it. `warns`: some do. `refused`: the server did not take the request. */
  readonly answer: 'admits' | 'warns' | 'refused';
  /** What was to be expected by our own reading of the pods. */
  readonly expected: 'admits' | 'warns';
  /** The server's own words. */
  readonly words: readonly string[];
}

export interface NamespaceStanding extends Standing {
  readonly next?: StandingLevel;
  readonly steps: readonly LabelStep[];
}

export interface PodSecurityAnswer {
  readonly schema: 'nowwhat.dev/pod-security/v1';
  /** Policy version that was judged by: `v1.N`. */
  readonly version: string;
  readonly context?: string;
  readonly namespaces: readonly NamespaceStanding[];
  /** Absent where nothing was asked. */
  readonly tried?: readonly TriedLabel[];
}

export interface PodSecurityOutside extends Outside {
  /** Shown what would be sent; false sends nothing. */
  readonly agree: (trials: readonly LabelTrial[], context: string) => Promise<boolean>;
}

export type { Blocker, LabelStep, StandingLevel };

function toStanding(standing: Standing, minor: number): NamespaceStanding {
  const next = nextLevel(standing.holds);
  return { ...standing, ...(next === undefined ? {} : { next }), steps: planLabels(standing, minor) };
}

/** What it holds, and the level above, which must give warnings where pods break it: a server that warns of nothing proves nothing. */
function trialsOf(namespaces: readonly NamespaceStanding[], version: string): LabelTrial[] {
  return namespaces.flatMap(({ namespace, labels, holds, next }) => {
    if (labels === undefined) return [];
    const levels = [holds, ...(next === undefined ? [] : [next])];
    // The server looks at pods only where the level becomes stricter.
    return levels
      .filter((level) => rankOf(level) > rankOf(labels.enforce))
      .map((level) => ({ namespace, level, version }));
  });
}

async function sendLabel(client: ApiClient, { namespace, level, version }: LabelTrial): Promise<void> {
  const prefix = 'pod-security.kubernetes.io';
  await client.request({
    method: 'PATCH',
    path: `/api/v1/namespaces/${encodeURIComponent(namespace)}`,
    query: { dryRun: 'All', fieldManager: 'nowwhat' },
    contentType: 'application/merge-patch+json',
    body: { metadata: { labels: { [`${prefix}/enforce`]: level, [`${prefix}/enforce-version`]: version } } },
  });
}

/** A client for each trial: the same pod may be warned of at two levels, and a client says each text once. */
async function tryLabel(
  trial: LabelTrial,
  expected: TriedLabel['expected'],
  connect: (onWarning: (text: string) => void) => ApiClient,
): Promise<TriedLabel> {
  const words: string[] = [];
  const client = connect((text) => words.push(text));
  try {
    await sendLabel(client, trial);
    return { ...trial, answer: words.length === 0 ? 'admits' : 'warns', expected, words };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { ...trial, answer: 'refused', expected, words: [error.message] };
  } finally {
    await client.close();
  }
}

interface Proving {
  readonly wish: PodSecurityWish;
  readonly inventory: Inventory;
  readonly minor: number;
  readonly trials: readonly LabelTrial[];
  readonly outside: PodSecurityOutside;
}

async function prove({ wish, inventory, minor, trials, outside }: Proving): Promise<TriedLabel[]> {
  const { cluster } = wish;
  if (cluster === undefined)
    throw new UserError(
      'invalid-option',
      '--prove needs a cluster',
      'Name one with --context; `.` is the current one.',
    );
  const connection = await connectCluster(cluster, outside);
  if (trials.length > 0 && !(await outside.agree(trials, connection.context)))
    throw new UserError(
      'not-agreed',
      'nobody agreed to the dry run',
      'Look at what would be sent and agree with --yes, or leave --prove away.',
    );
  const tried: TriedLabel[] = [];
  for (const trial of trials) {
    outside.progress(`asking for ${trial.level} in ${trial.namespace}`);
    const breaking = findBreakingPods(inventory, { ...trial, minor });
    const connect = (onWarning: (text: string) => void): ApiClient =>
      createClient(connection, { onWarning, ...(outside.clock && { clock: outside.clock }) });
    tried.push(await tryLabel(trial, breaking.length > 0 ? 'warns' : 'admits', connect));
  }
  return tried;
}

function showsWhatItHad({ tried = [] }: PodSecurityAnswer): boolean {
  return tried.length > 0 && tried.every(({ answer, expected }) => answer === expected);
}

/** Kept where records are kept already: a proof is about the cluster, and nobody asked for a folder. */
async function record(
  answer: PodSecurityAnswer,
  snapshot: Snapshot,
  { told }: PodSecurityWish,
  outside: Outside,
): Promise<void> {
  const { tried = [], context = '' } = answer;
  const root = await findRecordRoot('.');
  if (tried.length === 0 || !keepsRecords(root)) return;
  const warned = tried.filter(({ expected }) => expected === 'warns');
  const negativeControl = {
    what: 'a level that pods of today break',
    failed: warned.some(({ answer: said }) => said === 'warns'),
  };
  await recordProof(root, {
    schema: 'nowwhat.dev/proof/v1',
    kind: 'pod-security',
    claim: `the API server of ${context} judges the pods of ${[...new Set(tried.map(({ namespace }) => namespace))].join(', ')} as nowwhat does`,
    ...told,
    time: timeOf(outside.clock),
    result: showsWhatItHad(answer) ? 'holds' : 'fails',
    figures: {
      'labels tried': tried.length,
      'answers as expected': tried.filter((each) => each.answer === each.expected).length,
    },
    inputs: inputsOfCluster(snapshot),
    ...(warned.length === 0 ? {} : { negativeControl }),
  });
}

/**
 * Namespaces with the labels of Pod Security that they are to have now, for `kubectl apply --server-side` or `nowwhat plan --create`: those that they have,
 * since whoever applies what is new only gives up what he applied before, with those that warn and audit, and with `enforce` those that enforce what holds.
 * Empty where nothing is due.
 */
export function renderLabels({ namespaces }: PodSecurityAnswer, enforce: boolean): string {
  const objects = namespaces.flatMap(({ namespace, steps, labels: now = {} }) => {
    const due = steps.filter(
      ({ when, labels }) => when === 'now' && (enforce || !Object.keys(labels).some((key) => key.endsWith('/enforce'))),
    );
    const labels = Object.assign(withPrefix(now), ...due.map((step) => step.labels)) as JsonObject;
    if (due.length === 0) return [];
    return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } };
  });
  return objects.map((object) => `${renderBlock(object, { column: 0, newLine: '\n' })}\n`).join('---\n');
}

/** Reads files or a cluster; with `prove`, asks the cluster too, and stores nothing there. */
export async function findPodSecurity(wish: PodSecurityWish, outside: PodSecurityOutside): Promise<PodSecurityAnswer> {
  const { snapshot } = await readApp(wish, outside);
  const inventory = await prepareInventory(snapshot);
  const minor = Math.min(snapshot.facts.minor, newestPodSecurityMinor);
  const version = `v1.${minor}`;
  const namespaces = findStandings(inventory, minor).map((standing) => toStanding(standing, minor));
  const trials = trialsOf(namespaces, version);
  const context = snapshot.facts.cluster?.context;
  const answer: PodSecurityAnswer = {
    schema: 'nowwhat.dev/pod-security/v1',
    version,
    ...(context === undefined ? {} : { context }),
    namespaces,
    ...(wish.prove ? { tried: await prove({ wish, inventory, minor, trials, outside }) } : {}),
  };
  await record(answer, snapshot, wish, outside);
  return answer;
}
