// The way of a namespace to the level it can hold and to the one above: warn and audit, then enforce, as labels with a version.

import { newestPodSecurityMinor } from '../../kube/pod-security/index.ts';
import type { Owner } from '../../model/index.ts';
import { modePrefix, type ModeLabels, type Standing, type StandingLevel, standingLevels } from './find-standings.ts';

export interface LabelStep {
  readonly title: string;
  readonly reason: string;
  readonly owner: Owner;
  /** `now`, or once what blocks the level is gone. */
  readonly when: 'now' | 'unblocked';
  /** Labels with their whole keys. */
  readonly labels: Readonly<Record<string, string>>;
}

export function rankOf(level: string | undefined): number {
  return Math.max(
    0,
    standingLevels.findIndex((each) => each === level),
  );
}

/** The level above; `undefined` at the top. */
export function nextLevel(level: StandingLevel): StandingLevel | undefined {
  return standingLevels[rankOf(level) + 1];
}

function withPrefix(labels: ModeLabels): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).map(([mode, value]) => [modePrefix + mode, value]));
}

function differs(now: ModeLabels | undefined, wanted: ModeLabels): boolean {
  return (Object.keys(wanted) as (keyof ModeLabels)[]).some((mode) => now?.[mode] !== wanted[mode]);
}

/** Rules of the newest version, so that one sees in time what an upgrade would refuse. */
function watching(level: StandingLevel): ModeLabels {
  return { warn: level, 'warn-version': 'latest', audit: level, 'audit-version': 'latest' };
}

function enforcing(level: StandingLevel, version: string): ModeLabels {
  return { enforce: level, 'enforce-version': version };
}

function watchStep({ labels, holds }: Standing): LabelStep[] {
  const level = nextLevel(holds) ?? holds;
  // A namespace that enforces it already need not be watched for it.
  if (!differs(labels, watching(level)) || rankOf(labels?.enforce) >= rankOf(level)) return [];
  return [
    {
      title: `Warn and audit at ${level}`,
      reason: 'refuses nothing: whoever writes a pod that breaks the level is told, and the audit log has it',
      owner: 'cluster-administrator',
      when: 'now',
      labels: withPrefix(watching(level)),
    },
  ];
}

/** A version is pinned, so that an upgrade of the cluster refuses no pod of today. A stricter level that is enforced already stays. */
function enforceStep({ labels, holds }: Standing, version: string): LabelStep[] {
  const isStricter = rankOf(labels?.enforce) > rankOf(holds);
  const isThere = labels?.enforce === holds && (labels['enforce-version'] ?? 'latest') !== 'latest';
  if (holds === 'privileged' || isStricter || isThere) return [];
  return [
    {
      title: `Enforce ${holds}`,
      reason:
        'nothing of today breaks it: do it when there were no warnings for the time of a release and of every scheduled job',
      owner: 'cluster-administrator',
      when: 'now',
      labels: withPrefix(enforcing(holds, version)),
    },
  ];
}

function raiseStep({ labels, holds, blockers }: Standing, version: string): LabelStep[] {
  const level = nextLevel(holds);
  if (level === undefined || rankOf(labels?.enforce) >= rankOf(level)) return [];
  const count = new Set(blockers.map(({ subject: { kind, name } }) => `${kind}/${name}`)).size;
  return [
    {
      title: `Enforce ${level}`,
      reason: `when the ${count === 1 ? 'workload' : `${count} workloads`} above no longer ${count === 1 ? 'breaks' : 'break'} it`,
      owner: 'cluster-administrator',
      when: 'unblocked',
      labels: withPrefix(enforcing(level, version)),
    },
  ];
}

/** Steps in their order; none where nothing is to be done. `minor` is the cluster's version, 1.N. */
export function planLabels(standing: Standing, minor: number): LabelStep[] {
  const version = `v1.${Math.min(minor, newestPodSecurityMinor)}`;
  return [...watchStep(standing), ...enforceStep(standing, version), ...raiseStep(standing, version)];
}
