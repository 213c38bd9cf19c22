// Values that reports of scanners share: severities, days, digests.

import { asString, isIn, type Json, severities, type Severity } from '../../model/index.ts';

/** `CRITICAL`, `High`, `negligible`: the words of the scanners to ours. */
export function readSeverity(value: Json | undefined): Severity | 'unknown' {
  const word = (asString(value) ?? '').toLowerCase();
  if (isIn(severities, word)) return word;
  if (word === 'moderate') return 'medium';
  return ['negligible', 'none', 'info', 'unimportant'].includes(word) ? 'low' : 'unknown';
}

/** The day of an RFC 3339 time; Go's zero time is none. */
export function readDay(value: Json | undefined): string | undefined {
  const day = /^(\d{4}-\d{2}-\d{2})(?:T|$)/.exec(asString(value) ?? '')?.[1];
  return day === undefined || day.startsWith('0001') || Number.isNaN(Date.parse(day)) ? undefined : day;
}

const digest = /sha(?:256:[0-9a-f]{64}|384:[0-9a-f]{96}|512:[0-9a-f]{128})(?![0-9a-f])/;

/** The digest in a text such as `nginx@sha256:…` or `sha256:…`; percent signs of a package URL are understood. */
export function readDigest(value: Json | undefined): string | undefined {
  return digest.exec((asString(value) ?? '').replaceAll('%3A', ':').replaceAll('%3a', ':'))?.[0];
}

/** Present and not empty, each once. */
export function present(values: readonly (string | undefined)[]): string[] {
  return [...new Set(values.filter((value) => value !== undefined && value !== ''))] as string[];
}

/** The optional fields of a report's origin, as far as they are there. */
export function dated(
  toolVersion: string | undefined,
  date: string | undefined,
): { readonly toolVersion?: string; readonly date?: string } {
  return {
    ...(toolVersion === undefined || toolVersion === '' ? {} : { toolVersion }),
    ...(date === undefined ? {} : { date }),
  };
}

/** The fix of a vulnerability where an empty version means that there is none. */
export function fixedIn(version: string | undefined): { readonly fix: 'available' | 'none'; readonly fixed?: string } {
  return version === undefined || version === '' ? { fix: 'none' } : { fix: 'available', fixed: version };
}
