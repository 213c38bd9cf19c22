// Whether what runs behind a chart is shown the chart's hooks. Source: Helm 3.17 and 4.1 (`action.PostRenderStrategy`), helm-controller 1.6 of Flux.

import { asObject } from '../../model/index.ts';
import { findProgram } from '../programs/find-program.ts';
import { runProgram } from '../programs/run-program.ts';
import type { ReadOptions } from '../read-options.ts';
import type { ChartRelease } from '../releases/chart-release.ts';

const majors = new Map<string, Promise<number>>();

async function readMajor(program: string, environment: ReadOptions['environment']): Promise<number> {
  const args = ['version', '--template', '{{.Version}}'];
  const run = await runProgram({ program, args, environment, timeout: 20_000 });
  return run.ended === 'exited' ? Number(/v(\d+)\./.exec(run.stdout)?.[1] ?? 0) : 0;
}

/** Asked once of each program. */
function majorOf(program: string, environment: ReadOptions['environment']): Promise<number> {
  const known = majors.get(program) ?? readMajor(program, environment);
  majors.set(program, known);
  return known;
}

/**
 * Helm 4 shows hooks to a post-renderer, Helm 3 does not: the user's own helm is asked. For Flux it is for the release to say, as its versions differ in what
 * they do without a word.
 */
export async function seesHooks(release: ChartRelease | undefined, { environment }: ReadOptions): Promise<boolean> {
  if (release?.by === 'Flux') {
    const strategy = asObject(release.object.raw['spec'])['postRenderStrategy'];
    return strategy === 'combined' || strategy === 'separate';
  }
  const helm = await findProgram('helm', 'NOWWHAT_HELM', environment);
  return helm !== undefined && (await majorOf(helm, environment)) >= 4;
}
