// `journey` and `check`: read, judge, show, and say by the exit status whether it is good enough.

import { readFile } from 'node:fs/promises';
import { judge } from '../../app/judge.ts';
import { type Config, readConfig } from '../../app/read-config.ts';
import { builtInChecks, type Check } from '../../checks/index.ts';
import { type ExceptionRule, judgeGate, type Report } from '../../journey/index.ts';
import {
  type ErrorCode,
  errorCodes,
  type Finding,
  isIn,
  isJsonObject,
  type Snapshot,
  UserError,
} from '../../model/index.ts';
import { readSnapshot } from '../../sources/index.ts';
import type { Io } from '../io.ts';
import { parseCheckIds, parseMinor, parseRequire, parseSize, type ReportFlags } from '../options.ts';
import { startProgress } from '../progress.ts';
import { renderReport } from '../reporters/index.ts';
import { writeOutput } from '../write-output.ts';

export interface ReportRequest {
  readonly inputs: readonly string[];
  readonly flags: ReportFlags;
  readonly form: 'journey' | 'check';
}

/** Without a single object there is nothing to judge: never a page full of reached levels. */
function nothingRead(inputs: readonly string[], { unreadable }: Snapshot): UserError {
  const [first] = unreadable;
  if (first === undefined)
    return new UserError(
      'nothing-to-read',
      `${inputs.join(', ')} holds no Kubernetes object`,
      'Give the folder with your manifests, a chart or a kustomization.',
    );
  const more = unreadable.length > 1 ? ` (and ${unreadable.length - 1} more)` : '';
  const what = `nothing could be read: ${first.position.file}:${first.position.line} ${first.reason}${more}`;
  return new UserError(
    isIn(Object.keys(errorCodes) as ErrorCode[], first.code) ? first.code : 'nothing-to-read',
    what,
    first.advice,
  );
}

export async function readInputs(
  inputs: readonly string[],
  flags: Omit<ReportFlags, 'output'>,
  config: Config,
  io: Io,
): Promise<Snapshot> {
  const snapshot = await readSnapshot(inputs, {
    helm: { values: flags.values, set: flags.set },
    namespace: flags.namespace ?? config.namespace ?? 'default',
    minor: parseMinor(flags.kubeVersion ?? config.kubeVersion),
    allowRemote: flags.allowRemote ?? false,
    maxFileBytes: parseSize(flags.maxFileSize),
    stdin: io.stdin,
    environment: io.environment,
  });
  if (snapshot.objects.length === 0) throw nothingRead(inputs, snapshot);
  return snapshot;
}

async function readCustomChecks({ customChecks }: Config): Promise<readonly Check[]> {
  if (customChecks === undefined) return [];
  const { parseCustomChecks } = await import('../../checks/custom/index.ts');
  return parseCustomChecks(customChecks, new Set(builtInChecks.map(({ meta }) => meta.id)));
}

async function chooseChecks(flags: ReportFlags, config: Config): Promise<readonly Check[]> {
  if (flags.profile !== undefined) {
    const { checksOfProfile } = await import('../../checks/pod-security/index.ts');
    return checksOfProfile(flags.profile);
  }
  const all = [...builtInChecks, ...(await readCustomChecks(config))];
  const known = all.map(({ meta }) => meta.id);
  const only = parseCheckIds(flags.check, known);
  const switchedOff = Object.keys(config.checks ?? {});
  const skip = parseCheckIds([...(flags.skip ?? []), ...switchedOff], known);
  return all.filter(({ meta }) => (only?.has(meta.id) ?? true) && skip?.has(meta.id) !== true);
}

async function readBaseline(file: string | undefined): Promise<{ readonly baseline?: readonly Finding[] }> {
  if (file === undefined) return {};
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new UserError(
      'path-missing',
      `${file} cannot be read`,
      'Give a report that was written with -o json.',
      cause,
    );
  });
  try {
    const value: unknown = JSON.parse(text);
    if (isJsonObject(value) && value['schema'] === 'nowwhat.dev/report/v1' && Array.isArray(value['findings']))
      return { baseline: value['findings'] as unknown as readonly Finding[] };
  } catch {
    // Told below, like a file that is JSON and no report.
  }
  throw new UserError(
    'invalid-baseline',
    `${file} is not a report of this program`,
    'Write one with `nowwhat check PATH -o json --output-file FILE`.',
  );
}

/** The report as one person sees it: the same levels, their own findings. */
function forRole(report: Report, role: ReportFlags['role']): Report {
  if (role === undefined) return report;
  const findings = report.findings.filter(({ owner }) => owner === role);
  const { next, ...rest } = report;
  return { ...rest, findings, ...(next?.owner === role ? { next } : {}) };
}

function notices(config: Config): string[] {
  return Object.entries(config.checks ?? {}).map(([id, { skip }]) => `${id} is switched off: ${skip}`);
}

/** Runs the command and gives its exit status. */
export async function runReport({ inputs, flags, form }: ReportRequest, io: Io): Promise<number> {
  const { config } = await readConfig(inputs[0] ?? '.', flags.config);
  const checks = await chooseChecks(flags, config);
  const gate = {
    failOn: toThreshold(flags.failOn ?? config.failOn),
    require: { ...dropMissing(config.require), ...parseRequire(flags.require) },
  };
  const baseline = await readBaseline(flags.baseline);
  const progress = startProgress(io);
  try {
    progress.say('reading');
    const snapshot = await readInputs(inputs, flags, config, io);
    progress.say(`judging ${snapshot.objects.length} objects`);
    const report = await judge({
      snapshot,
      checks,
      target: flags.target ?? config.target ?? 'self-managed',
      exceptions: (config.exceptions ?? []) as readonly ExceptionRule[],
      options: { minor: snapshot.facts.minor, today: io.today, allowedRegistries: config.allowedRegistries ?? [] },
      notices: notices(config),
    });
    const reasons = judgeGate(report, { ...gate, ...baseline });
    progress.stop();
    const text = renderReport(forRole(report, flags.role), {
      format: flags.output,
      form,
      io,
      showAll: flags.all ?? false,
    });
    await writeOutput(text, flags.outputFile, io);
    return reasons.length === 0 ? 0 : 1;
  } finally {
    progress.stop();
  }
}

function toThreshold(failOn: ReportFlags['failOn']): 'critical' | 'high' | 'medium' | 'low' | 'never' {
  return failOn === undefined || failOn === 'any' ? 'low' : failOn;
}

function dropMissing(levels: Config['require']): ReturnType<typeof parseRequire> {
  return Object.fromEntries(Object.entries(levels ?? {}).filter(([, level]) => level !== undefined));
}
