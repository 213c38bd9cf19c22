// `probe`: shows which addresses it would ask, asks them where somebody agrees, and tells which doors are open.

import { gatherPassing } from '../../app/passing.ts';
import { type PreparedProbe, type ProbeReport, prepareProbe } from '../../app/probe/probe.ts';
import { parseWidth, type SourceFlags, toClusterOnlyWish } from '../flags.ts';
import type { Io } from '../io.ts';
import { withProgress } from '../progress.ts';
import { renderProbe, renderProbePlan } from '../reporters/probe.ts';
import { requireAgreement } from './plans/agree.ts';
import { writeOutput } from '../write-output.ts';
import { commandText } from './plans/change-flags.ts';

export interface ProbeFlags extends SourceFlags {
  readonly from: 'outside' | 'inside' | 'both';
  readonly output: 'text' | 'json';
  readonly image: string;
  readonly plan?: boolean;
  readonly yes?: boolean;
}

const asked = {
  question: 'Ask these addresses?',
  refusal: 'nothing was asked',
  advice: 'Narrow it down with -n and --from, or leave it.',
};

async function run({ run: ask }: PreparedProbe, io: Io): Promise<ProbeReport> {
  const passing = gatherPassing();
  return await io.whileRunning(passing, () => ask(passing.remember));
}

/** Exit status 1 where a door is open. */
export async function runProbe(flags: ProbeFlags, io: Io): Promise<number> {
  const { stdin, environment, today } = io;
  const quiet = flags.quiet ?? false;
  const cluster = toClusterOnlyWish(flags);
  const standpoints = flags.from === 'both' ? (['outside', 'inside'] as const) : ([flags.from] as const);
  const look = {
    style: flags.outputFile === undefined ? io.style : io.fileStyle,
    width: parseWidth(flags.width, io.width),
    program: io.program,
  };
  let tell: (what: string) => void = () => undefined;
  const outside = { stdin, environment, today, progress: (what: string) => tell(what) };
  const prepared = await withProgress(io, quiet, (say) => {
    tell = say;
    return prepareProbe({ cluster, standpoints, image: flags.image }, outside);
  });
  const { plan } = prepared;
  const destination = { file: flags.outputFile, quiet: flags.quiet };
  if (flags.plan === true) {
    const text = flags.output === 'json' ? `${JSON.stringify(plan, null, 2)}\n` : renderProbePlan(plan, look);
    await writeOutput(text, destination, io);
    return 0;
  }
  await requireAgreement(asked, renderProbePlan(plan, { ...look, style: io.errorStyle }), flags.yes, io);
  const report = await withProgress(io, quiet, (say) => {
    tell = say;
    return run(prepared, io);
  });
  const { recordProbe } = await import('../../app/probe/record-probe.ts');
  await recordProbe(
    report,
    prepared.snapshot,
    { command: commandText('probe', [], flags), version: io.version },
    outside,
  );
  const text = flags.output === 'json' ? `${JSON.stringify(report, null, 2)}\n` : renderProbe(report, look);
  await writeOutput(text, destination, io);
  return report.looks.some(({ results }) => results.some(({ state }) => state === 'open')) ? 1 : 0;
}
