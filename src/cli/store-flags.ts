// Options that all commands about backups share, and what they mean.

import { parseSelectorText } from '../kube/selector-text.ts';
import { type JsonObject, UserError } from '../model/index.ts';
import type { Io } from './io.ts';

/** The store that is named, or the one of `NOWWHAT_STORE`. */
export function requireStore({ store }: { readonly store?: string }, { environment }: Io): string {
  const named = store ?? environment['NOWWHAT_STORE'] ?? '';
  if (named !== '') return named;
  throw new UserError(
    'invalid-option',
    'no store was named',
    'Name one with --store: a folder, or s3://bucket/prefix.',
  );
}

/** A `LabelSelector` from `app=web,tier!=cache`. */
export function toLabelSelector(text: string): JsonObject {
  const selector = parseSelectorText(text);
  if (selector.invalid !== undefined)
    throw new UserError(
      'invalid-option',
      `"${text}" is not a selector: ${selector.invalid}`,
      'Write it as for kubectl -l.',
    );
  return { matchExpressions: selector.requirements.map(({ key, operator, values }) => ({ key, operator, values })) };
}

export function parseTruth(option: string, text: string | undefined): boolean | undefined {
  if (text === undefined) return undefined;
  if (text === 'true' || text === 'false') return text === 'true';
  throw new UserError('invalid-option', `${option} is true or false, not "${text}"`, 'Leave it out for the usual.');
}
