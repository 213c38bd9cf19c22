// Puts findings right in a cluster: reads it, plans the changes, asks the server about each by a dry run, and judges the result in memory.

import type { PlannedFix } from '../../../checks/index.ts';
import { toObject } from '../../../kube/manifests/parse-manifests.ts';
import { sourceInCluster } from '../../../kube/manifests/source-in-cluster.ts';
import { fingerprint } from '../../../journey/index.ts';
import {
  type Change,
  type Finding,
  type JsonObject,
  type ObjectRef,
  type Snapshot,
  type Subject,
} from '../../../model/index.ts';
import { refOf } from '../../../targets/index.ts';
import { chooseChecks } from '../../journey/choose-checks.ts';
import type { FixWish } from '../../fix/fix.ts';
import { isAbout } from '../../fix/about.ts';
import { ChoiceRules } from '../../fix/choices.ts';
import { describeDecision, type OpenDecision, subjectOf } from '../../fix/fix-answer.ts';
import { isAimedAt } from '../../fix/goal.ts';
import { type Judging, judgeSnapshot } from '../../fix/judging.ts';
import { decideAll, planOpenFixes } from '../../fix/rounds.ts';
import type { ClusterWish } from '../../cluster/open-cluster.ts';
import { readApp } from '../../read-app.ts';
import type { Outside } from '../../outside.ts';
import type { PlanMaking } from '../plan-made.ts';
import { type Collected, collectChanges, type RefusedChange } from './collect-changes.ts';
import { answer, type ClusterPlan, planInCluster } from './cluster-plan.ts';
import { planChanges, type PlannedChanges } from './plan-changes.ts';
import { nameOf, type RefusedStep } from './refusals.ts';

/** What `fix` and `plan` answer for the findings of a cluster. */
export interface ClusterFix extends ClusterPlan {
  /** Findings that wait for the user to choose. */
  readonly decisions: readonly OpenDecision[];
  /** Failing findings of all checks before, and with the objects as the server would store them, and what fails only then. */
  readonly proof: {
    readonly before: number;
    readonly after: number;
    readonly opened: readonly { readonly check: string; readonly subject: Subject; readonly message: string }[];
  };
}

export interface ClusterFixWish extends FixWish {
  readonly cluster: ClusterWish;
  /** Managers whose fields may be taken over. */
  readonly takeOver: readonly string[];
  readonly making: Omit<PlanMaking, 'title'>;
}

interface Judged {
  readonly snapshot: Snapshot;
  readonly judging: Judging;
  readonly rules: ChoiceRules;
}

interface Decided extends Collected {
  /** Findings that wait for the user to choose. */
  readonly open: readonly PlannedFix[];
}

/** Whoever names namespaces means only what is in them, and themselves: nothing of others, nor of the whole cluster. */
function isWithin({ facts: { cluster } }: Snapshot): (change: Change) => boolean {
  const asked = new Set(cluster?.namespaces);
  const isAsked = ({ kind, namespace, name }: ObjectRef): boolean => asked.has(kind === 'Namespace' ? name : namespace);
  return ({ edits, create }) =>
    asked.size === 0 ||
    (edits.every(({ object }) => isAsked(object)) &&
      create.every(({ raw, beside }) =>
        isAsked({ ...refOf(raw), namespace: refOf(raw).namespace || beside.namespace }),
      ));
}

/** The object that a fix is about, as a change that edits nothing of it. */
function aboutOf({ object }: PlannedFix): Change['edits'] {
  return object === undefined ? [] : [{ object, edits: [] }];
}

async function collect({ snapshot, judging, rules }: Judged, { only, to, about }: ClusterFixWish): Promise<Decided> {
  let open: readonly PlannedFix[] = [];
  const named = only === undefined ? undefined : new Set(only);
  const collected = await collectChanges(snapshot, async (now) => {
    const { failures: before } = await judgeSnapshot(now, judging);
    const isWanted = (fix: PlannedFix): boolean =>
      (named?.has(fix.check.id) ?? true) &&
      (to === undefined || isAimedAt(fix.check, to)) &&
      (about === undefined || isAbout(fix, about));
    const fixes = await planOpenFixes({ snapshot: now, judging, before, isWanted });
    rules.meet(fixes);
    const decided = await decideAll(
      fixes,
      async (fix) => rules.decide(fix),
      () => ({ diffs: [] }),
    );
    const isOwn = isWithin(snapshot);
    open = decided.open.filter((fix) => isOwn({ edits: aboutOf(fix), create: [] }));
    return decided.wishes.filter(isOwn);
  });
  rules.requireOffered();
  return { ...collected, open };
}

async function judgingFor(wish: ClusterFixWish, outside: Outside): Promise<Judged> {
  const { snapshot, settings } = await readApp(wish, outside);
  const { checks } = await chooseChecks({}, settings);
  const { allowedRegistries = [], exceptions = [], choices = [] } = settings.config;
  const options = { minor: snapshot.facts.minor, today: outside.today, allowedRegistries };
  const rules = new ChoiceRules([...(wish.choices ?? []), ...choices]);
  return { snapshot, judging: { checks, exceptions, options }, rules };
}

function newIn(after: readonly Finding[], before: readonly Finding[]): ClusterFix['proof']['opened'] {
  const known = new Set(before.map(fingerprint));
  return after
    .filter((finding) => !known.has(fingerprint(finding)))
    .map(({ check, subject, message }) => ({ check, subject, message }));
}

function identity({ apiVersion, kind, namespace, name }: ObjectRef): string {
  return [apiVersion, kind, namespace, name].join('/');
}

/** The snapshot with the objects that the server would store in the place of those it has. */
function withAnswers(snapshot: Snapshot, answers: readonly JsonObject[]): Snapshot {
  const left = new Map(answers.map((raw) => [identity(refOf(raw)), raw]));
  const objects = snapshot.objects.map((object) => {
    const key = identity(object);
    const raw = left.get(key);
    left.delete(key);
    // What runs has not changed by what would be wanted of it.
    return raw === undefined ? object : { ...object, raw: { ...raw, status: object.raw['status'] } };
  });
  const source = sourceInCluster();
  return { ...snapshot, objects: [...objects, ...[...left.values()].map((raw) => toObject(raw, source, ''))] };
}

function titleOf({ steps }: PlannedChanges): string {
  if (steps.length === 0) return 'Nothing that could be changed without a decision of yours';
  const closed = new Set(steps.flatMap(({ closes }) => closes));
  return `Put findings of ${closed.size} check${closed.size === 1 ? '' : 's'} right in ${steps.length} object${steps.length === 1 ? '' : 's'}`;
}

/** What another object's controller makes. */
function refuseMade({ fix, reason }: RefusedChange): RefusedStep {
  const { apiVersion, kind, namespace, name } = subjectOf(fix);
  const object = { apiVersion, kind, namespace, name };
  const closes = [fix.check.id];
  return {
    object,
    title: `Change ${nameOf(object)}`,
    owner: 'developer',
    closes,
    kind: 'made',
    message: reason,
    conflicts: [],
  };
}

/** Reads, plans, tries and judges. Nothing is stored. Throws `UserError` where the cluster cannot be read. */
export async function planClusterFix(wish: ClusterFixWish, outside: Outside): Promise<ClusterFix> {
  const judged = await judgingFor(wish, outside);
  const { snapshot, judging } = judged;
  outside.progress(`judging ${snapshot.objects.length} objects`);
  const { failures: before } = await judgeSnapshot(snapshot, judging);
  const collected = await collect(judged, wish);
  return await planInCluster(wish, outside, async (planning, cluster) => {
    const minor = snapshot.facts.minor;
    const changes = await planChanges(collected.changes, { ...planning, minor });
    const made = { ...changes, refused: [...changes.refused, ...collected.refused.map(refuseMade)] };
    const { failures: after } = await judgeSnapshot(withAnswers(snapshot, changes.answers), judging);
    const proof = { before: before.length, after: after.length, opened: newIn(after, before) };
    const decisions = collected.open.map(describeDecision);
    return {
      ...answer({ changes: made, cluster, making: { ...wish.making, title: titleOf(changes) } }),
      decisions,
      proof,
    };
  });
}
