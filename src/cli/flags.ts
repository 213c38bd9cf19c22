// What the user wrote behind the options, and what it means.

import type { JourneyWish } from '../app/journey/assemble-journey.ts';
import type { CompareWish } from '../app/compare/compare.ts';
import type { ClusterWish } from '../app/cluster/open-cluster.ts';
import type { ReadWish } from '../app/read-app.ts';
import type { Gate, Target } from '../journey/index.ts';
import {
  clusterOptions,
  givenOption,
  isIn,
  type Leg,
  legs,
  type Level,
  levels,
  type NamedCluster,
  type Owner,
  type Severity,
  shellCommand,
} from '../model/index.ts';
import { parseGoDuration } from '../kube/durations.ts';
import { parseKubernetesVersion } from '../kube/versions.ts';
import { invalidOption } from './invalid-option.ts';
import { type Format, usualConcurrency } from './options.ts';

/** Options about reading and about where the result goes, as commander gives them. */
export interface SourceFlags {
  readonly namespace?: string;
  readonly values?: readonly string[];
  readonly set?: readonly string[];
  readonly allowRemote?: boolean;
  readonly maxFileSize?: string;
  readonly kubeVersion?: string;
  readonly config?: string;
  readonly outputFile?: string;
  readonly quiet?: boolean;
  readonly width?: string;
  readonly evidence?: readonly string[];
  readonly context?: string;
  readonly kubeconfig?: string;
  readonly allNamespaces?: boolean;
  readonly as?: string;
  readonly asGroup?: readonly string[];
  readonly asUid?: string;
  readonly asUserExtra?: readonly string[];
  readonly concurrency?: string;
}

export interface DutyFlags extends SourceFlags {
  readonly target?: Target;
}

export interface ReportFlags extends DutyFlags {
  readonly output: Format;
  readonly role?: Owner;
  readonly all?: boolean;
  readonly check?: readonly string[];
  readonly skip?: readonly string[];
  readonly profile?: string;
  readonly failOn?: Severity | 'any' | 'never';
  readonly require?: string;
  readonly baseline?: string;
}

/** Minor version from `1.34`, `v1.34.2`. */
export function parseMinor(text: string): number {
  const version = parseKubernetesVersion(text);
  if (version !== undefined) return version.minor;
  throw invalidOption(`"${text}" is not a version of Kubernetes`, 'Write it as 1.34 or v1.34.2.');
}

/** Levels from `security=2,backups=1`. */
export function parseRequire(text: string): Gate['require'] {
  const required: Partial<Record<Leg, Level>> = {};
  for (const part of text.split(',').filter((each) => each.trim() !== '')) {
    const [leg = '', number = ''] = part.split('=').map((each) => each.trim());
    const level = Number(number);
    if (!isIn(legs, leg) || !isIn(levels, level))
      throw invalidOption(
        `"${part}" is not a leg and a level`,
        `Write LEG=LEVEL with ${legs.join(', ')} and a level from 1 to 4.`,
      );
    required[leg] = level;
  }
  return required;
}

/** Milliseconds of a duration such as `30s` or `1m30s`. */
export function toMilliseconds(text: string, least: number): number {
  const nanoseconds = parseGoDuration(text);
  const ms = nanoseconds === undefined ? -1 : Number(nanoseconds / 1_000_000n);
  if (ms >= least) return ms;
  const bound = least > 1 ? `; at least ${least / 1000}s` : '';
  throw invalidOption(
    `${JSON.stringify(text)} is not a duration that can be used`,
    `Write it with its unit, as 30s, 5m or 1h30m${bound}.`,
  );
}

const units: Readonly<Record<string, number>> = {
  '': 1,
  K: 1e3,
  M: 1e6,
  G: 1e9,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
};

/** Bytes from a size such as `256Mi`. */
export function parseSize(text: string): number {
  const match = /^(\d{1,12})(|[KMG]i?)$/.exec(text);
  const unit = units[match?.[2] ?? '?'];
  if (match === null || unit === undefined) throw invalidOption(`"${text}" is not a size`, 'Write it as 64Mi or 1Gi.');
  return Number(match[1]) * unit;
}

const narrowest = 30;

/** Columns from `--width`; the terminal's where it is left out. */
export function parseWidth(text: string | undefined, terminal: number): number {
  if (text === undefined) return Math.max(narrowest, terminal);
  const width = Number(text);
  if (Number.isInteger(width) && width >= narrowest && width <= 1000) return width;
  throw invalidOption(`"${text}" is not a number of columns`, `Write a whole number from ${narrowest} to 1000.`);
}

/** Requests under way at once that a small API server bears beside its other users. */

function parseConcurrency(text: string | undefined): number {
  const number = text === undefined ? usualConcurrency : Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= 64) return number;
  throw invalidOption(`"${text}" is not a number of requests`, 'Write a whole number from 1 to 64.');
}

/** How a cluster is read, whichever it is. */
/** `key=value` as kubectl takes it; a key that stands several times has several values. */
function parseExtra(pairs: readonly string[]): Record<string, string[]> {
  const extra: Record<string, string[]> = {};
  for (const pair of pairs) {
    const sign = pair.indexOf('=');
    if (sign < 1) throw invalidOption(`"${pair}" is not a key and a value`, 'Write --as-user-extra KEY=VALUE.');
    const key = pair.slice(0, sign);
    extra[key] = [...(extra[key] ?? []), pair.slice(sign + 1)];
  }
  return extra;
}

function toImpersonation({ as, asGroup = [], asUid, asUserExtra = [] }: SourceFlags): ClusterWish['impersonate'] {
  if (as === undefined && asGroup.length + asUserExtra.length > 0)
    throw invalidOption('--as-group and --as-user-extra need --as', 'Add --as with the name of a user.');
  if (as === undefined && asUid !== undefined)
    throw invalidOption('--as-uid needs --as', 'Add --as with the name of a user.');
  if (as === undefined) return undefined;
  const uid = asUid === undefined ? {} : { uid: asUid };
  return { user: as, groups: asGroup, extra: parseExtra(asUserExtra), ...uid };
}

export function toClusterReading(flags: SourceFlags): CompareWish['cluster'] {
  const { kubeconfig, namespace, allNamespaces = false, concurrency } = flags;
  return {
    kubeconfig,
    namespaces: (namespace ?? '').split(',').filter((each) => each !== ''),
    allNamespaces,
    impersonate: toImpersonation(flags),
    concurrency: parseConcurrency(concurrency),
  };
}

function toClusterWish(flags: SourceFlags): ReadWish['cluster'] {
  return flags.context === undefined ? undefined : { ...toClusterReading(flags), context: flags.context };
}

function requireSource(inputs: readonly string[], { context, kubeconfig, allNamespaces }: SourceFlags): void {
  const clusterOnly = kubeconfig !== undefined || allNamespaces === true;
  if (context === undefined && clusterOnly)
    throw invalidOption('--kubeconfig and --all-namespaces need --context', 'Name a context; `.` is the current one.');
  if (context === undefined && inputs.length === 0)
    throw invalidOption(
      'nothing to read was named',
      'Give a path, `-` for standard input, or a cluster with --context.',
    );
}

function toReading(flags: SourceFlags): CompareWish['reading'] {
  const { namespace, kubeVersion, values = [], set = [], allowRemote = false, maxFileSize = '256Mi', config } = flags;
  return {
    configFile: config,
    namespace,
    minor: kubeVersion === undefined ? undefined : parseMinor(kubeVersion),
    values,
    set,
    allowRemote,
    maxFileBytes: parseSize(maxFileSize),
    evidence: flags.evidence ?? [],
  };
}

export function toReadWish(inputs: readonly string[], flags: SourceFlags): ReadWish {
  requireSource(inputs, flags);
  return { inputs, ...toReading(flags), cluster: toClusterWish(flags) };
}

/** The same for a command that can do without anything to read. */
export function toOptionalReadWish(inputs: readonly string[], flags: SourceFlags): ReadWish {
  const { context, kubeconfig, allNamespaces = false } = flags;
  const isNothing = inputs.length === 0 && context === undefined && kubeconfig === undefined && !allNamespaces;
  return isNothing ? { inputs, ...toReading(flags), cluster: undefined } : toReadWish(inputs, flags);
}

/** The cluster that a command is about. */
export function toClusterOnlyWish(flags: SourceFlags): ClusterWish {
  const cluster = toClusterWish(flags);
  if (cluster !== undefined) return cluster;
  throw invalidOption('no cluster was named', 'Name one with --context; `.` is the current one.');
}

export interface PlacesFlags extends SourceFlags {
  readonly from: string;
  readonly to: string;
  readonly prove?: boolean;
  readonly proveIn?: string;
}

/** Two places that are read alike: each a path or a context. */
export function toPlacesWish(flags: SourceFlags): Pick<CompareWish, 'reading' | 'cluster'> {
  return { reading: toReading(flags), cluster: toClusterReading(flags) };
}

export function toCompareWish({ from, to, prove, proveIn, ...flags }: PlacesFlags): CompareWish {
  const wish = { from, to, ...toPlacesWish(flags) };
  return prove === true || proveIn !== undefined ? { ...wish, prove: { namespace: proveIn } } : wish;
}

export function toJourneyWish(inputs: readonly string[], flags: ReportFlags): JourneyWish {
  const { target, role, check, skip, profile, failOn, require = '', baseline } = flags;
  return {
    ...toReadWish(inputs, flags),
    target,
    role,
    only: check,
    skip,
    profile,
    failOn,
    require: parseRequire(require),
    baselineFile: baseline,
  };
}

function givenAll(option: string, values: readonly string[] = []): string[] {
  return values.flatMap((value) => [option, value]);
}

/** The paths and the options about reading as the user wrote them, for a command to copy: it must read the same app. */
export function repeatInputs(inputs: readonly string[], flags: SourceFlags): string {
  const options = [
    ...givenAll('-f', flags.values),
    ...givenAll('--set', flags.set),
    ...givenOption('-n', flags.namespace),
    ...givenOption('--kube-version', flags.kubeVersion),
    ...givenOption('--config', flags.config),
    ...givenAll('--evidence', flags.evidence),
    ...(flags.allNamespaces === true ? ['-A'] : []),
    ...clusterOptions(toNamedCluster(flags)),
  ];
  return shellCommand([...inputs, ...options]);
}

/** The cluster that the user named, for commands that are printed. */
export function toNamedCluster(flags: SourceFlags): NamedCluster {
  const { context, kubeconfig } = flags;
  return { context, kubeconfig, impersonate: toImpersonation(flags) };
}
