// Renders a chart with the user's own helm, without a cluster and without the network.

import { resolve } from 'node:path';
import type { Unreadable } from '../../model/index.ts';
import { joinParts, type Part, unreadablePart } from '../part.ts';
import { findProgram } from '../programs/find-program.ts';
import { runProgram } from '../programs/run-program.ts';
import type { ReadOptions } from '../read-options.ts';
import { type Chart, releaseNameOf } from './chart.ts';
import { describeHelmFailure } from './describe-failure.ts';
import { parseRendering, splitBySource } from './parse-rendering.ts';
import type { TemplateFiles } from './template-files.ts';

/** Milliseconds a rendering may take; large charts need a few seconds. */
const timeout = 60_000;

function problem(unit: string, code: Unreadable['code'], reason: string, advice: string): Part {
  return unreadablePart({ code, position: { file: unit, line: 1, column: 1 }, reason, advice });
}

function helmArguments({ unit, name }: Chart, options: ReadOptions): string[] {
  return [
    'template',
    options.helm.release ?? releaseNameOf(name),
    resolve(unit),
    '--include-crds',
    '--namespace',
    options.namespace,
    '--kube-version',
    `1.${options.minor}.0`,
    ...options.helm.values.flatMap((file) => ['--values', file]),
    ...options.helm.set.flatMap((pair) => ['--set', pair]),
  ];
}

async function failed(stderr: string, unit: string, templates: TemplateFiles): Promise<Part> {
  const { code, reason, advice, place } = describeHelmFailure(stderr, unit);
  const template = place === undefined ? undefined : await templates.find(place.path);
  if (place === undefined || template === undefined) return problem(unit, code, reason, advice);
  const position = { file: template.file, line: place.line, column: place.column };
  return unreadablePart({ code, position, reason, advice });
}

/** Renders and reads one chart. Failures are unreadables of the part; never rejects for what helm does. */
export async function renderChart(chart: Chart, templates: TemplateFiles, options: ReadOptions): Promise<Part> {
  const { unit } = chart;
  const helm = await findProgram('helm', 'NOWWHAT_HELM', options.environment);
  if (helm === undefined)
    return problem(
      unit,
      'helm-missing',
      `the chart "${chart.name}" needs helm to be rendered, and helm was not found`,
      'Install Helm 3 or 4 (https://helm.sh/docs/intro/install), or set NOWWHAT_HELM to its path.',
    );
  const args = helmArguments(chart, options);
  const run = await runProgram({ program: helm, args, environment: options.environment, timeout });
  if (run.ended === 'timed-out')
    return problem(
      unit,
      'helm-failed',
      `helm took longer than ${timeout / 1000} seconds`,
      `Run helm template ${unit} by itself.`,
    );
  if (run.ended === 'not-started')
    return problem(
      unit,
      'helm-failed',
      'helm could not be started',
      `Check that ${helm} is a program for this computer.`,
    );
  if (run.status !== 0) return failed(run.stderr, unit, templates);
  const parts = splitBySource(run.stdout).map(async (rendering) => {
    const template = await templates.find(rendering.path);
    return parseRendering(rendering, { unit, namespace: options.namespace, template });
  });
  return joinParts(await Promise.all(parts));
}
