// Renders a chart with the user's own helm, without a cluster and without the network.

import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, posix, resolve } from 'node:path';
import type { JsonObject, Unreadable } from '../../model/index.ts';
import { isArchiveName } from '../files/file-names.ts';
import { joinParts, type Part, unreadablePart } from '../part.ts';
import { findProgram } from '../programs/find-program.ts';
import { runProgram } from '../programs/run-program.ts';
import type { ReadOptions } from '../read-options.ts';
import { type ChartRelease, mergeValues } from '../releases/chart-release.ts';
import { hideSecrets } from '../releases/hide-secrets.ts';
import { hideShortTexts, hideShortTextsInMessage } from '../releases/veiled-values.ts';
import { type Chart, releaseNameOf } from './chart.ts';
import { describeHelmFailure } from './describe-failure.ts';
import { parseRendering, splitBySource } from './parse-rendering.ts';
import type { TemplateFiles } from './template-files.ts';

/** Milliseconds a rendering may take; large charts need a few seconds. */
const timeout = 60_000;

function problem(unit: string, code: Unreadable['code'], reason: string, advice: string): Part {
  return unreadablePart({ code, position: { file: unit, line: 1, column: 1 }, reason, advice });
}

/** What helm is given besides the chart. */
interface Given {
  /** The chart, or a copy of it. */
  readonly path: string;
  readonly values: readonly string[];
  /** The same with veils for short values of Secrets, where there are any. */
  readonly veiled?: readonly string[];
}

function helmArguments(
  { name }: Chart,
  { path, values }: Given,
  options: ReadOptions,
  release?: ChartRelease,
): string[] {
  const { helm } = options;
  return [
    'template',
    helm.release ?? release?.name ?? releaseNameOf(name),
    path,
    '--include-crds',
    '--namespace',
    release?.namespace ?? options.namespace,
    '--kube-version',
    `1.${options.minor}.0`,
    // The user's own come last.
    ...[...values, ...helm.values].flatMap((file) => ['--values', file]),
    ...(release?.values.set ?? []).flatMap(({ pair, isString }) => [isString ? '--set-string' : '--set', pair]),
    ...helm.set.flatMap((pair) => ['--set', pair]),
  ];
}

/** Puts the values of a release where helm can read them, and a chart whose defaults it replaces. `folder` is the caller's, to be removed. */
async function giveValues({ unit }: Chart, { values }: ChartRelease, folder: string): Promise<Given> {
  const write = async (name: string, from: JsonObject): Promise<string[]> => {
    const file = join(folder, name);
    await writeFile(file, JSON.stringify(mergeValues(from, values.own)), { mode: 0o600 });
    return [...files, file];
  };
  const files = values.files.map((each) => resolve(each));
  const isReplaced = values.replaceDefaults && !isArchiveName(unit) && files[0] !== resolve(unit, 'values.yaml');
  const given: Given = {
    path: resolve(unit),
    values: await write('values.json', values.from),
    ...(values.veils.length === 0 ? {} : { veiled: await write('veiled.json', values.veiled) }),
  };
  if (!isReplaced) return given;
  // Its name says which templates are its own.
  const path = join(folder, posix.basename(resolve(unit)));
  await cp(resolve(unit), path, { recursive: true });
  await writeFile(join(path, 'values.yaml'), '{}\n');
  return { ...given, path };
}

async function failed(stderr: string, unit: string, templates: TemplateFiles): Promise<Part> {
  const { code, reason, advice, place } = describeHelmFailure(stderr, unit);
  const template = place === undefined ? undefined : await templates.find(place.path);
  if (place === undefined || template === undefined) return problem(unit, code, reason, advice);
  const position = { file: template.file, line: place.line, column: place.column };
  return unreadablePart({ code, position, reason, advice });
}

/** Renders and reads one chart. Failures are unreadables of the part; never rejects for what helm does. */
export async function renderChart(
  chart: Chart,
  templates: TemplateFiles,
  options: ReadOptions,
  release?: ChartRelease,
): Promise<Part> {
  if (release === undefined) return render({ chart, templates, options }, { path: resolve(chart.unit), values: [] });
  const folder = await mkdtemp(join(tmpdir(), 'nowwhat-values-'));
  try {
    return await render({ chart, templates, options, release }, await giveValues(chart, release, folder));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Rendered {
  readonly chart: Chart;
  readonly templates: TemplateFiles;
  readonly options: ReadOptions;
  readonly release?: ChartRelease;
}

/** What was printed, without the values of Secrets, or what went wrong. */
type Printed = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly part: Part };

function runWith({ chart, options, release }: Rendered, given: Given, helm: string) {
  const args = helmArguments(chart, given, options, release);
  return runProgram({ program: helm, args, environment: options.environment, timeout });
}

/** What comes out with veils in the place of short values of Secrets; nothing where the chart does not take them. */
async function runVeiled(rendered: Rendered, given: Given, helm: string): Promise<string | undefined> {
  if (given.veiled === undefined) return undefined;
  const run = await runWith(rendered, { ...given, values: given.veiled }, helm);
  return run.ended === 'exited' && run.status === 0 ? run.stdout : undefined;
}

async function runHelm(rendered: Rendered, given: Given, helm: string): Promise<Printed> {
  const { unit } = rendered.chart;
  const { secrets = [], veils = [] } = rendered.release?.values ?? {};
  const run = await runWith(rendered, given, helm);
  if (run.ended !== 'exited') return { ok: false, part: notRun(unit, helm, run.ended) };
  if (run.status !== 0) {
    const message = hideSecrets(run.stderr.replaceAll(given.path, unit), secrets);
    return { ok: false, part: await failed(hideShortTextsInMessage(message, veils), unit, rendered.templates) };
  }
  const shown = hideShortTexts(run.stdout, await runVeiled(rendered, given, helm), veils);
  return { ok: true, text: hideSecrets(shown, secrets) };
}

function notRun(unit: string, helm: string, ended: 'timed-out' | 'not-started'): Part {
  return ended === 'timed-out'
    ? problem(
        unit,
        'helm-failed',
        `helm took longer than ${timeout / 1000} seconds`,
        `Run helm template ${unit} by itself.`,
      )
    : problem(unit, 'helm-failed', 'helm could not be started', `Check that ${helm} is a program for this computer.`);
}

async function render(rendered: Rendered, given: Given): Promise<Part> {
  const { chart, templates, options, release } = rendered;
  const { unit } = chart;
  const helm = await findProgram('helm', 'NOWWHAT_HELM', options.environment);
  if (helm === undefined)
    return problem(
      unit,
      'helm-missing',
      `the chart "${chart.name}" needs helm to be rendered, and helm was not found`,
      'Install Helm 3 or 4 (https://helm.sh/docs/intro/install), or set NOWWHAT_HELM to its path.',
    );
  const printed = await runHelm(rendered, given, helm);
  if (!printed.ok) return printed.part;
  const namespace = release?.namespace ?? options.namespace;
  const parts = splitBySource(printed.text).map(async (rendering) => {
    const template = await templates.find(rendering.path);
    return parseRendering(rendering, { unit, namespace, template });
  });
  return joinParts(await Promise.all(parts));
}
