// The two commonest ways to put a finding right: its field gets one value, or goes.

import type { Diagnostic, Json } from '../model/index.ts';
import type { FixEdits } from './check.ts';

/** Sets the field that the finding names. */
export function setTo(value: Json): (subject: unknown, diagnostic: Diagnostic) => FixEdits {
  return (_subject, { path }) => (path === undefined ? undefined : [{ op: 'set', path, value }]);
}

/** Removes the field that the finding names: its default is the better value. */
export function removeField(_subject: unknown, { path }: Diagnostic): FixEdits {
  return path === undefined ? undefined : [{ op: 'remove', path }];
}
