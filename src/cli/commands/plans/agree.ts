// Agreement to what a plan would change: by an option, or by a person at the terminal who has seen it.

import { UserError } from '../../../model/index.ts';
import type { Io } from '../../io.ts';
import { saysYes } from '../../says-yes.ts';

/** Throws `not-agreed`. `shown` says what would be done. */
export async function requireAgreement(question: string, shown: string, yes: boolean, io: Io): Promise<void> {
  if (yes) return;
  io.err(shown);
  if (io.ask === undefined)
    throw new UserError('not-agreed', 'nobody is here to agree to this', 'Look at it, and agree with --yes.');
  if (!(await saysYes(io, `${question} [y/N] `)))
    throw new UserError('not-agreed', 'nothing was changed', 'Narrow it down, or leave it.');
}
