// `journey` and `check`: read, judge, show, and say by the exit status whether it is good enough.

import { assembleJourney } from '../../app/journey/assemble-journey.ts';
import type { Report } from '../../journey/index.ts';
import { parseWidth, repeatInputs, type ReportFlags, toJourneyWish } from '../flags.ts';
import type { Io } from '../io.ts';
import { withProgress } from '../progress.ts';
import { renderReport } from '../reporters/index.ts';
import { writeOutput } from '../write-output.ts';

export interface ReportRequest {
  readonly inputs: readonly string[];
  readonly flags: ReportFlags;
  readonly form: 'journey' | 'check';
}

/** Why the status is 1, where the user has set a threshold: without one any finding is the reason, and the report shows them. */
function tellGate({ gate }: Report, { failOn, require, baseline, quiet }: ReportFlags, io: Io): void {
  if (gate === undefined || gate.passed || quiet === true) return;
  if (failOn === undefined && require === undefined && baseline === undefined) return;
  io.err(`${io.errorStyle.bad('nowwhat: not good enough:')} ${gate.reasons.join('; ')}\n`);
}

/** Runs the command and gives its exit status. */
export async function runReport({ inputs, flags, form }: ReportRequest, io: Io): Promise<number> {
  const wish = toJourneyWish(inputs, flags);
  const width = parseWidth(flags.width, io.width);
  const { stdin, environment, today } = io;
  const report = await withProgress(io, flags.quiet ?? false, (progress) =>
    assembleJourney(wish, { stdin, environment, today, progress }),
  );
  const text = renderReport(report, flags.output, {
    style: flags.outputFile === undefined ? io.style : io.fileStyle,
    width,
    version: io.version,
    program: io.program,
    again: repeatInputs(inputs, flags),
    form,
    showAll: flags.all ?? false,
  });
  await writeOutput(text, { file: flags.outputFile, quiet: flags.quiet }, io);
  tellGate(report, flags, io);
  return report.gate?.passed === false ? 1 : 0;
}
