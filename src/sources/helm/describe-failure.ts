// Helm's own words about a failure, cleaned: what happened, where in the chart, what to do.

import type { ErrorCode } from '../../model/index.ts';

export interface HelmFailure {
  readonly code: ErrorCode;
  readonly reason: string;
  readonly advice: string;
  /** As Helm names it, from the chart's name on: `shop/templates/web.yaml`. */
  readonly place?: { readonly path: string; readonly line: number; readonly column: number };
}

const noise = /^(?:Use --debug flag|WARNING:|walk\.go|level=|coalesce\.go|I\d{4} |W\d{4} )/;
const placePattern = /([\w.-]+\/(?:(?:templates|charts|crds)\/)[^\s:()"]+):(\d+)(?::(\d+))?/g;

/** One line, without advice to use flags, and without values: they may be secrets. */
function cleanMessage(stderr: string): string {
  return stderr
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !noise.test(line))
    .join(' ')
    .replace(/^(?:Error: )+/, '')
    .replace(/^INSTALLATION FAILED: /, '')
    .replaceAll(/(!!\w+) `[^`]*`/g, '$1')
    .replaceAll(/'[^']*' (?=does not match pattern|is not valid)/g, 'the value ');
}

/** The last place named is the innermost: where the error is, not who included it. */
function findPlace(message: string): HelmFailure['place'] {
  const match = [...message.matchAll(placePattern)].at(-1);
  if (match !== undefined)
    return { path: match[1] ?? '', line: Number(match[2]), column: Math.max(1, Number(match[3] ?? 1)) };
  const file = /YAML parse error on ([^\s:]+)/.exec(message)?.[1];
  return file === undefined ? undefined : { path: file, line: 1, column: 1 };
}

/** Takes the chain of "executing ... at ..." away and keeps what the innermost template says. */
function shorten(message: string): string {
  const executing = /^(?:.*\b)?executing "[^"]+" at <(.{1,200}?)>: (.+)$/.exec(message);
  if (executing !== null) return `${executing[2] ?? ''} (at ${executing[1] ?? ''})`;
  return message
    .replace(/^execution error at \([^)]*\): /, '')
    .replace(/^parse error at \([^)]*\): /, 'the template cannot be parsed: ')
    .replace(/^template: [^\s]+: /, '')
    .replace(
      /^YAML parse error on [^\s:]+: (?:error converting YAML to JSON: )?(?:yaml: )?/,
      'renders to broken YAML: ',
    )
    .replace(/\bline (\d+): /, 'line $1 of the rendering: ');
}

interface Known {
  readonly pattern: RegExp;
  readonly code?: ErrorCode;
  readonly reason?: (match: RegExpExecArray) => string;
  readonly advice: (unit: string) => string;
}

const known: readonly Known[] = [
  {
    pattern: /missing in charts\/ directory: (.+)$/,
    reason: (match) => `dependencies of the chart are not in its charts folder: ${match[1] ?? ''}`,
    advice: (unit) => `Run: helm dependency build ${unit}`,
  },
  {
    pattern: /chart requires kubeVersion: (.+?) which is incompatible with Kubernetes (\S+)/,
    reason: (match) => `the chart asks for Kubernetes ${match[1] ?? ''}, the target is ${match[2] ?? ''}`,
    advice: () => 'Choose a target version that the chart allows, with --kube-version.',
  },
  {
    pattern: /cannot load (Chart\.yaml|values\.yaml|values\.schema\.json|requirements\.yaml): (.+)$/,
    code: 'invalid-chart',
    reason: (match) => `${match[1] ?? ''} cannot be loaded: ${(match[2] ?? '').replace(/^.*yaml: /, '')}`,
    advice: () => 'Correct the file.',
  },
  {
    pattern:
      /(?:validation: |Chart\.yaml file is missing|chart metadata|Chart\.Metadata|does not appear to be a gzipped archive)/,
    code: 'invalid-chart',
    advice: (unit) => `Run: helm lint ${unit}`,
  },
  {
    pattern: /values don't meet the specifications of the schema/,
    advice: () => "Give values that the chart's values.schema.json allows, with --values or --set.",
  },
  {
    pattern: /failed parsing --set data|failed to parse .*\.ya?ml/,
    advice: () => 'Correct the values given with --set or --values.',
  },
];

/** What Helm's standard error means to the user. `unit` is the chart as the user names it. */
export function describeHelmFailure(stderr: string, unit: string): HelmFailure {
  const message = cleanMessage(stderr);
  const place = findPlace(message);
  const where = place === undefined ? {} : { place };
  for (const { pattern, code = 'helm-failed', reason, advice } of known) {
    const match = pattern.exec(message);
    if (match !== null) return { code, reason: reason?.(match) ?? message, advice: advice(unit), ...where };
  }
  const advice =
    place === undefined
      ? `Run helm template ${unit} and correct what it says.`
      : 'Correct the template, or give the values it needs with --values or --set.';
  const reason = message === '' ? 'helm failed without a message' : shorten(message);
  return { code: 'helm-failed', reason, advice, ...where };
}
