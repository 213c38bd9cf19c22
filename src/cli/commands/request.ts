// `request`: a hand-over note in Markdown for the person who must act.

import { assembleJourney } from '../../app/journey/assemble-journey.ts';
import type { Owner } from '../../model/index.ts';
import { type DutyFlags, toReadWish } from '../flags.ts';
import type { Io } from '../io.ts';
import { withProgress } from '../progress.ts';
import { renderRequest } from '../reporters/request.ts';
import { writeOutput } from '../write-output.ts';

export interface RequestFlags extends DutyFlags {
  readonly role: Owner;
}

export async function runRequest(inputs: readonly string[], flags: RequestFlags, io: Io): Promise<number> {
  const { target, role, outputFile, quiet } = flags;
  const wish = { ...toReadWish(inputs, flags), target, role, failOn: 'never', require: {} } as const;
  const { stdin, environment, today } = io;
  const report = await withProgress(io, quiet ?? false, (progress) =>
    assembleJourney(wish, { stdin, environment, today, progress }),
  );
  await writeOutput(renderRequest(report, role), { file: outputFile, quiet }, io);
  return 0;
}
