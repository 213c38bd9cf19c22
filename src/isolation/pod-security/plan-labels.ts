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

/** Labels of modes under their whole keys. */
export function withPrefix(labels: ModeLabels): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).map(([mode, value]) => [modePrefix + mode, value]));
}

type Mode = 'warn' | 'audit';

/** What Pod Security admission takes a mode without a version for. */
function versionOf(labels: ModeLabels | undefined, mode: Mode | 'enforce'): string {
  return labels?.[`${mode}-version`] ?? 'latest';
}

/** A stricter level, and rules of the newest version, see in time what an upgrade would refuse. */
function watches(labels: ModeLabels | undefined, mode: Mode, level: StandingLevel): boolean {
  return rankOf(labels?.[mode]) >= rankOf(level) && versionOf(labels, mode) === 'latest';
}

function watching(labels: ModeLabels | undefined, mode: Mode, level: StandingLevel): ModeLabels {
  const isStrict = rankOf(labels?.[mode]) >= rankOf(level);
  return { ...(isStrict ? {} : { [mode]: level }), [`${mode}-version`]: 'latest' };
}

function enforcing(level: StandingLevel, version: string): ModeLabels {
  return { enforce: level, 'enforce-version': version };
}

function watchTitle(missing: readonly Mode[], level: StandingLevel, isVersionOnly: boolean): string {
  const words = missing.join(' and ');
  if (isVersionOnly) return `Let ${words} follow the newest rules`;
  return `${words.replace(/^./, (letter) => letter.toUpperCase())} at ${level}`;
}

function watchStep({ labels, holds }: Standing): LabelStep[] {
  const level = nextLevel(holds) ?? holds;
  const missing = (['warn', 'audit'] as const).filter((mode) => !watches(labels, mode, level));
  // A namespace that enforces it already need not be watched for it.
  if (missing.length === 0 || rankOf(labels?.enforce) >= rankOf(level)) return [];
  const wanted: ModeLabels = Object.assign({}, ...missing.map((mode) => watching(labels, mode, level)));
  const isVersionOnly = missing.every((mode) => wanted[mode] === undefined);
  return [
    {
      title: watchTitle(missing, level, isVersionOnly),
      reason: 'refuses nothing: whoever writes a pod that breaks the level is told, and the audit log has it',
      owner: 'cluster-administrator',
      when: 'now',
      labels: withPrefix(wanted),
    },
  ];
}

/** A version is pinned, so that an upgrade of the cluster refuses no pod of today: also of a level that is enforced already. */
function pinStep({ labels }: Standing, version: string): LabelStep[] {
  if (rankOf(labels?.enforce) === 0 || versionOf(labels, 'enforce') !== 'latest') return [];
  return [
    {
      title: `Pin the version of ${labels?.enforce}`,
      reason: 'the level is enforced: with its version an upgrade of the cluster refuses no pod of today',
      owner: 'cluster-administrator',
      when: 'now',
      labels: withPrefix({ 'enforce-version': version }),
    },
  ];
}

/** A level that is enforced already stays, and so does a stricter one. */
function enforceStep(standing: Standing, version: string): LabelStep[] {
  const { labels, holds } = standing;
  if (rankOf(labels?.enforce) >= rankOf(holds)) return pinStep(standing, version);
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
