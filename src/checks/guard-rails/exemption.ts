// Exceptions of the user's settings as conditions in CEL: what an owner accepted until a date is not refused.

import type { Exception } from '../../model/index.ts';
import { celText } from './guard-rail.ts';

/** An exception that is about one check. */
export interface RailException extends Exception {
  /** `kind/namespace/name` with `*` for any text in a part; parts may be left out from the right. */
  readonly subject: string;
  readonly container?: string | undefined;
}

/** The value matches a pattern with `*` for any text; nothing to ask where the pattern is that alone. */
function matchText(value: string, pattern: string): string[] {
  if (pattern === '*') return [];
  if (!pattern.includes('*')) return [`${value} == ${celText(pattern)}`];
  const regex = pattern
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return [`${value}.matches(${celText(`^(?s:${regex})$`)})`];
}

/** True for the objects, and within a rule over containers for the `container`, that the exception is about. */
export function exemptionText({ subject, container = '*' }: RailException): string {
  const [kind = '*', namespace = '*', name = '*'] = subject.split('/');
  const parts = [
    ...matchText('request.kind.kind.lowerAscii()', kind.toLowerCase()),
    ...matchText("object.metadata.?namespace.orValue('')", namespace),
    ...matchText("object.metadata.?name.orValue('')", name),
    ...matchText('container.name', container),
  ];
  return parts.length === 0 ? 'true' : parts.join(' && ');
}

export function isAboutContainer({ container }: RailException): boolean {
  return container !== undefined;
}
