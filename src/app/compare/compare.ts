// "It runs on Minikube: what changes on the target?" The app is judged as it stands and as it would stand there; the difference is the work.

import { existsSync } from 'node:fs';
import { appNamespaces, appObjects, compareSurroundings, placeApp, type Row } from '../../compare/index.ts';
import { fingerprint, type Report } from '../../journey/index.ts';
import { type Finding, type KubeObject, type Snapshot, UserError } from '../../model/index.ts';
import { judge } from '../journey/judge.ts';
import type { ClusterWish } from '../cluster/open-cluster.ts';
import { readApp, type ReadWish } from '../read-app.ts';
import type { Outside } from '../outside.ts';
import { type ProofMaking, recordFound } from '../records/record-made.ts';
import { planTrials, type Rehearsal, type RehearsalPlan } from './rehearse.ts';

export interface CompareWish {
  /** A path (manifests, a chart, a saved snapshot) or the name of a context. */
  readonly from: string;
  readonly to: string;
  readonly reading: Omit<ReadWish, 'inputs' | 'cluster'>;
  /** How contexts are read; the context itself is each side's. */
  readonly cluster: Omit<ClusterWish, 'context'>;
  /** Ask the target itself, by a dry run of all objects; `namespace`: an existing one that stands in for the app's. */
  readonly prove?: { readonly namespace?: string | undefined } | undefined;
  /** For the record of the proof. */
  readonly making?: ProofMaking;
}

/** `agree` hears what would be sent before it is. */
export interface CompareOutside extends Outside {
  readonly agree: (plan: Pick<RehearsalPlan, 'trials'>, target: string) => Promise<boolean>;
}

export interface CompareAnswer {
  readonly schema: 'nowwhat.dev/compare/v1';
  readonly from: string;
  readonly to: string;
  /** Objects of the app, and the namespaces they are in. */
  readonly objects: number;
  readonly namespaces: readonly string[];
  readonly rows: readonly Row[];
  /** What fails there and does not fail here. */
  readonly steps: readonly Finding[];
  /** What the target leaves open and the source does not. */
  readonly open: readonly Finding[];
  /** The target's own answer, where it was asked. */
  readonly proof?: Rehearsal;
}

/** `.` is the current context, as with --context. */
function isPath(side: string): boolean {
  return side !== '.' && existsSync(side);
}

export function readSide(
  side: string,
  { reading, cluster }: Pick<CompareWish, 'reading' | 'cluster'>,
  outside: Outside,
): Promise<Snapshot> {
  const wish = isPath(side)
    ? { ...reading, inputs: [side] }
    : { ...reading, inputs: [], cluster: { ...cluster, context: side, mayLackNamespaces: true } };
  return readApp(wish, outside).then(({ snapshot }) => snapshot);
}

async function judgeIn(snapshot: Snapshot, { today }: Outside): Promise<Report> {
  const options = { minor: snapshot.facts.minor, today, allowedRegistries: [] };
  return judge({ snapshot, options, target: 'self-managed', exceptions: [] });
}

function subjectKey({ kind, namespace, name }: Pick<KubeObject, 'kind' | 'namespace' | 'name'>): string {
  return `${kind}/${namespace}/${name}`;
}

/** Findings about the app itself, or about the namespaces it is in: not about what else the target holds. */
function aboutApp(app: readonly KubeObject[], namespaces: readonly string[]): (finding: Finding) => boolean {
  const own = new Set([
    ...app.map(subjectKey),
    ...namespaces.map((name) => subjectKey({ kind: 'Namespace', namespace: '', name })),
  ]);
  return ({ subject }) => subject.kind === 'App' || own.has(subjectKey(subject));
}

function withVerdict({ findings }: Report, verdict: Finding['verdict']): readonly Finding[] {
  return findings.filter((finding) => finding.verdict === verdict);
}

/** Findings of one verdict that were not there before. What was open here and fails there is new. */
function newIn(after: Report, before: Report, verdict: 'fail' | 'unknown'): Finding[] {
  const known = new Set(withVerdict(before, 'fail').map(fingerprint));
  if (verdict === 'unknown') for (const finding of withVerdict(before, 'unknown')) known.add(fingerprint(finding));
  return withVerdict(after, verdict).filter((finding) => !known.has(fingerprint(finding)));
}

async function prove(
  app: readonly KubeObject[],
  { to, cluster, prove: wished }: CompareWish,
  outside: CompareOutside,
): Promise<Rehearsal> {
  const plan = planTrials({ cluster: { ...cluster, context: to }, app, namespace: wished?.namespace }, outside);
  if (await outside.agree(plan, to)) return plan.run();
  throw new UserError(
    'not-agreed',
    'nobody agreed to the dry run',
    'Look at what would be sent and agree with --yes, or leave --prove away.',
  );
}

interface Sides {
  readonly wish: CompareWish;
  readonly from: Snapshot;
  readonly to: Snapshot;
}

/** Holds where the target took every object that could be tried. */
async function recordRehearsal(proof: Rehearsal, { wish, from, to }: Sides, outside: Outside): Promise<void> {
  if (wish.making === undefined) return;
  const { tried, accepted, refused, untried, context, control } = proof;
  const found = {
    kind: 'rehearsal',
    claim: `${context} accepts the objects of ${from.facts.cluster?.context ?? wish.from} by a dry run`,
    result: refused.length === 0 && accepted > 0 ? 'holds' : 'fails',
    figures: { tried, accepted, refused: refused.length, untried: untried.length },
    ...(control === undefined ? {} : { negativeControl: { what: control.what, failed: control.refused } }),
    paths: isPath(wish.from) ? [wish.from] : [],
    clusters: [from, to],
  } as const;
  await recordFound(found, wish.making, outside);
}

export async function compareSides(wish: CompareWish, outside: CompareOutside): Promise<CompareAnswer> {
  if (wish.prove !== undefined && isPath(wish.to))
    throw new UserError(
      'invalid-option',
      '--prove needs a cluster to ask',
      'Name a context of your kubeconfig with --to.',
    );
  const from = await readSide(wish.from, wish, outside);
  const to = await readSide(wish.to, wish, outside);
  const app = appObjects(from);
  const namespaces = appNamespaces(app);
  outside.progress(`judging ${app.length} objects in both places`);
  const here = await judgeIn(
    { ...from, objects: [...app, ...from.objects.filter(({ namespace }) => namespace === '')] },
    outside,
  );
  const there = await judgeIn(placeApp(app, to), outside);
  const isAboutApp = aboutApp(app, namespaces);
  const proof = wish.prove === undefined ? undefined : await prove(app, wish, outside);
  if (proof !== undefined) await recordRehearsal(proof, { wish, from, to }, outside);
  return {
    schema: 'nowwhat.dev/compare/v1',
    from: from.facts.cluster?.context ?? wish.from,
    to: to.facts.cluster?.context ?? wish.to,
    objects: app.length,
    namespaces,
    rows: compareSurroundings(from, to, app, namespaces),
    steps: newIn(there, here, 'fail').filter(isAboutApp),
    open: newIn(there, here, 'unknown').filter(isAboutApp),
    ...(proof === undefined ? {} : { proof }),
  };
}
