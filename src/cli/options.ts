// Options that several commands share: how they are declared, and what their text means.

import { type Command, Option } from 'commander';
import { type Gate, type Target, targets } from '../journey/index.ts';
import { isIn, type Leg, legs, type Level, levels, type Owner, owners, severities, UserError } from '../model/index.ts';
import { newestKnownMinor, parseKubernetesVersion } from '../kube/versions.ts';
import { nearest } from './nearest.ts';

export const formats = ['text', 'json', 'sarif', 'junit', 'markdown', 'github', 'html'] as const;
export type Format = (typeof formats)[number];

/** Options as commander gives them. */
export interface ReportFlags {
  readonly output: Format;
  readonly outputFile?: string;
  readonly role?: Owner;
  readonly target?: Target;
  readonly kubeVersion?: string;
  readonly profile?: string;
  readonly failOn?: Gate['failOn'] | 'any';
  readonly require?: string;
  readonly baseline?: string;
  readonly check?: readonly string[];
  readonly skip?: readonly string[];
  readonly namespace?: string;
  readonly values: readonly string[];
  readonly set: readonly string[];
  readonly allowRemote?: boolean;
  readonly maxFileSize?: string;
  readonly config?: string;
  readonly evidence: readonly string[];
  readonly all?: boolean;
}

const collect = (value: string, earlier: readonly string[]): readonly string[] => [...earlier, value];
const collectIds = (value: string, earlier: readonly string[] = []): readonly string[] => [
  ...earlier,
  ...value.split(','),
];

/** Options about what is read. */
export function addSourceOptions(command: Command): Command {
  return command
    .option('-n, --namespace <name>', 'namespace of objects that name none (default: "default")')
    .option('-f, --values <file>', 'values file for charts; may be repeated', collect, [])
    .option('--set <key=value>', 'value for charts; may be repeated', collect, [])
    .option('--allow-remote', 'let kustomizations fetch remote bases')
    .option('--max-file-size <size>', 'largest file that is read (default: "256Mi")')
    .option('--kube-version <version>', `target version of Kubernetes (default: "1.${newestKnownMinor}")`)
    .option('--config <file>', 'configuration file (default: the nearest nowwhat.yaml)');
}

/** Options about what is judged and how it is shown. */
export function addReportOptions(command: Command): Command {
  return addSourceOptions(command)
    .addOption(new Option('-o, --output <format>', 'format of the report').choices(formats).default('text'))
    .option('--output-file <file>', 'write the report into a file')
    .addOption(new Option('--role <role>', 'only what this person has to do').choices(owners))
    .addOption(
      new Option('--target <kind>', 'where the app will run; a managed service takes duties over').choices(targets),
    )
    .option('--check <ids>', 'only these checks, separated by commas', collectIds)
    .option('--skip <ids>', 'all but these checks', collectIds)
    .option(
      '--profile <name>',
      'a Pod Security Standard instead of the checks: pod-security/baseline or pod-security/restricted, with @v1.N',
    )
    .option('--evidence <file>', 'report of another tool, such as trivy or kube-bench; may be repeated', collect, [])
    .addOption(
      new Option('--fail-on <severity>', 'findings of this severity or worse give exit status 1').choices([
        ...severities,
        'any',
        'never',
      ]),
    )
    .option('--require <levels>', 'levels that must be reached, such as security=2,backups=1')
    .option('--baseline <file>', 'a former JSON report: only new findings count')
    .option('--all', 'show unknown and accepted findings, and skipped files');
}

/** Target minor version from a flag or the configuration. */
export function parseMinor(text: string | number | undefined): number {
  if (text === undefined) return newestKnownMinor;
  const version = parseKubernetesVersion(String(text));
  if (version !== undefined) return version.minor;
  throw new UserError('invalid-option', `"${text}" is not a version of Kubernetes`, 'Write it as 1.34 or v1.34.2.');
}

/** Levels from `security=2,backups=1`. */
export function parseRequire(text: string | undefined): Gate['require'] {
  const required: Partial<Record<Leg, Level>> = {};
  for (const part of (text ?? '').split(',').filter((each) => each !== '')) {
    const [leg = '', number = ''] = part.split('=').map((each) => each.trim());
    const level = Number(number);
    if (!isIn(legs, leg) || !isIn(levels, level))
      throw new UserError(
        'invalid-option',
        `"${part}" is not a leg and a level`,
        `Write LEG=LEVEL with ${legs.join(', ')} and a level from 1 to 4.`,
      );
    required[leg] = level;
  }
  return required;
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
export function parseSize(text: string | undefined): number {
  if (text === undefined) return 256 * 1024 ** 2;
  const match = /^(\d+)(|[KMG]i?)$/.exec(text);
  const unit = units[match?.[2] ?? '?'];
  if (match === null || unit === undefined)
    throw new UserError('invalid-option', `"${text}" is not a size`, 'Write it as 64Mi or 1Gi.');
  return Number(match[1]) * unit;
}

/** The ids, after making sure that each is a check. */
export function parseCheckIds(
  ids: readonly string[] | undefined,
  known: readonly string[],
): ReadonlySet<string> | undefined {
  for (const id of ids ?? []) {
    if (known.includes(id)) continue;
    const near = nearest(id, known);
    throw new UserError(
      'unknown-check',
      `no check is called "${id}"`,
      near === undefined
        ? 'Run `nowwhat checks` for the list.'
        : `Did you mean ${near}? Run \`nowwhat checks\` for the list.`,
    );
  }
  return ids === undefined ? undefined : new Set(ids);
}
