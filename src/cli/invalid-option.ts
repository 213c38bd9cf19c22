// The mistake of somebody who wrote an option that means nothing.

import { UserError } from '../model/index.ts';

/** `advice`: what to write instead, as a sentence. */
export function invalidOption(what: string, advice: string): UserError {
  return new UserError('invalid-option', what, advice);
}
