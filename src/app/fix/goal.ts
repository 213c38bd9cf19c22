// How far the fixes lead: levels before and after, the steps in an order that keeps the app up, and whose turn it is then.

import { decideLeg, joinResults, type ReachedLevel } from '../../journey/index.ts';
import { asString, type CheckMeta, type KubeObject, type Leg, type Level, legs } from '../../model/index.ts';
import type { DecidedFix } from './decided-fix.ts';
import type { Verdicts } from './judging.ts';

/** Levels to reach, by leg. */
export type Target = Readonly<Partial<Record<Leg, Level>>>;

export interface GoalLeg {
  readonly leg: Leg;
  readonly target: Level;
  readonly before: ReachedLevel;
  readonly after: ReachedLevel;
  /** What the developer's own checks come to, whatever others still have to do or to find out. */
  readonly developer: ReachedLevel;
}

/** Changes that may be rolled out together. */
export interface GoalStep {
  readonly title: string;
  /** Why it stands where it stands. */
  readonly why: string;
  readonly checks: readonly string[];
  readonly findings: number;
}

export interface Goal {
  readonly legs: readonly GoalLeg[];
  readonly steps: readonly GoalStep[];
  /** Checks up to the target that this source cannot tell, by what would settle them. */
  readonly unknown: readonly { readonly settledBy: string; readonly checks: number }[];
}

export function isAimedAt({ leg, level }: CheckMeta, target: Target): boolean {
  return level <= (target[leg] ?? 0);
}

interface Phase {
  readonly title: string;
  readonly why: string;
  readonly kinds: readonly string[];
}

/** In the order in which they are safe to roll out; what is in none of them comes after the workloads. */
const phases = {
  namespaces: {
    title: 'Namespaces and quotas',
    why: 'what follows is put into them',
    kinds: ['Namespace', 'ResourceQuota', 'LimitRange'],
  },
  identities: {
    title: 'Accounts, roles and settings',
    why: 'no pod starts without the account, ConfigMap or Secret that it names',
    kinds: [
      'ServiceAccount',
      'Role',
      'RoleBinding',
      'ClusterRole',
      'ClusterRoleBinding',
      'ConfigMap',
      'Secret',
      'PersistentVolume',
      'PersistentVolumeClaim',
    ],
  },
  workloads: {
    title: 'Workloads',
    why: 'their pods are replaced one after the other; a bad one stops its own rollout',
    kinds: ['Pod', 'Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'CronJob'],
  },
  entrances: {
    title: 'Services, entrances and budgets',
    why: 'they lead to pods that are there by now',
    kinds: [],
  },
  leftovers: {
    title: 'What is not needed any more',
    why: 'nothing refers to it by now',
    kinds: [],
  },
  network: {
    title: 'Network policies',
    why: 'last of what runs: pods, labels and ports that they name are there',
    kinds: ['NetworkPolicy', 'AdminNetworkPolicy', 'BaselineAdminNetworkPolicy'],
  },
  admission: {
    title: 'Pod Security admission: warn and audit first, then enforce',
    why: 'enforced only when every pod meets it: it refuses pods that do not',
    kinds: [],
  },
} as const satisfies Record<string, Phase>;

type PhaseName = keyof typeof phases;

function isIn(name: PhaseName, kind: string): boolean {
  return (phases[name].kinds as readonly string[]).includes(kind);
}

function phaseOfKind(kind: string): PhaseName {
  const names = Object.keys(phases) as PhaseName[];
  return names.find((name) => isIn(name, kind)) ?? 'entrances';
}

function isAdmission({ edits }: DecidedFix): boolean {
  return edits.some(
    ({ object, edits: all }) =>
      object.kind === 'Namespace' && all.some(({ path }) => path.join('/').includes('pod-security.kubernetes.io')),
  );
}

/** A change of several kinds comes where the latest of them does, but for new objects, which come before who names them. */
function phaseOf(fix: DecidedFix): PhaseName {
  if (isAdmission(fix)) return 'admission';
  if (fix.edits.length === 0 && fix.create.length === 0) return 'leftovers';
  const names = Object.keys(phases) as PhaseName[];
  const edited = fix.edits.map(({ object }: { object: KubeObject }) => object.kind);
  const kinds = edited.length > 0 ? edited : fix.create.map(({ raw }) => asString(raw['kind']) ?? '');
  const found = new Set(kinds.map(phaseOfKind));
  return names.findLast((name) => found.has(name)) ?? 'entrances';
}

function stepsOf(made: readonly DecidedFix[]): GoalStep[] {
  return (Object.keys(phases) as PhaseName[]).flatMap((name) => {
    const own = made.filter((fix) => phaseOf(fix) === name);
    if (own.length === 0) return [];
    const { title, why } = phases[name];
    return [{ title, why, checks: [...new Set(own.map(({ check }) => check.id))], findings: own.length }];
  });
}

function reachedBy(leg: Leg, metas: readonly CheckMeta[], { results }: Verdicts): ReachedLevel {
  return decideLeg(leg, joinResults(metas, results)).level;
}

/** Levels by the checks that are the developer's own and that this source can tell. */
function developersLevel(leg: Leg, metas: readonly CheckMeta[], { results }: Verdicts): ReachedLevel {
  const judged = joinResults(metas, results).filter(
    ({ meta, outcome }) => meta.owner === 'developer' && outcome.verdict !== 'unknown',
  );
  return decideLeg(leg, judged).level;
}

export interface GoalInput {
  readonly target: Target;
  readonly metas: readonly CheckMeta[];
  readonly before: Verdicts;
  readonly after: Verdicts;
  readonly made: readonly DecidedFix[];
}

function unknownOf({ target, metas, after }: GoalInput): Goal['unknown'] {
  const counts = new Map<string, number>();
  for (const { meta, outcome } of joinResults(metas, after.results)) {
    if (outcome.verdict !== 'unknown' || !isAimedAt(meta, target)) continue;
    const by = meta.settledBy ?? 'a look at the target cluster';
    counts.set(by, (counts.get(by) ?? 0) + 1);
  }
  return [...counts].map(([settledBy, checks]) => ({ settledBy, checks })).toSorted((a, b) => b.checks - a.checks);
}

export function assembleGoal(input: GoalInput): Goal {
  const { target, metas, before, after, made } = input;
  const goalLegs = legs.flatMap((leg): GoalLeg[] => {
    const level = target[leg];
    if (level === undefined) return [];
    return [
      {
        leg,
        target: level,
        before: reachedBy(leg, metas, before),
        after: reachedBy(leg, metas, after),
        developer: developersLevel(leg, metas, after),
      },
    ];
  });
  return { legs: goalLegs, steps: stepsOf(made), unknown: unknownOf(input) };
}
