// Agreement to what a plan would change: by an option, or by a person at the terminal who has seen it.

import { UserError } from '../../../model/index.ts';
import type { Io } from '../../io.ts';
import { saysYes } from '../../says-yes.ts';

export interface Asked {
  readonly question: string;
  /** What is true, and what to do, where nobody agrees. */
  readonly refusal: string;
  readonly advice: string;
  /** What to do where nobody can be asked. */
  readonly alone?: string;
}

const usual = { refusal: 'nothing was changed', advice: 'Narrow it down, or leave it.' };
const alone = 'Look at it, and agree with --yes.';

/** Throws `not-agreed`. `shown` says what would be done. */
export async function requireAgreement(
  asked: string | Asked,
  shown: string,
  yes: boolean | undefined,
  io: Io,
): Promise<void> {
  if (yes === true) return;
  if (shown !== '') io.err(shown);
  const { question, refusal, advice, ...told }: Asked =
    typeof asked === 'string' ? { question: asked, ...usual } : asked;
  if (io.ask === undefined)
    throw new UserError('not-agreed', `${refusal}: nobody is here to agree`, told.alone ?? alone);
  if (!(await saysYes(io, `${question} [y/N] `))) throw new UserError('not-agreed', refusal, advice);
}
