// One YAML or JSON document text to values, or to a reason that names the place and never quotes the content.

import { YAMLException } from 'js-yaml';
import type { ErrorCode } from '../../model/errors.ts';
import { AliasBomb, type Constructed, constructValues, UnusableYaml } from './construct.ts';
import { readPlainDocument } from './fast-path/index.ts';
import { maxDepth, readEvents } from './read-events.ts';
import type { TextRange } from './split-documents.ts';

export interface ParseFailure {
  readonly code: ErrorCode;
  readonly reason: string;
  /** Characters from the start of the given text. */
  readonly offset: number;
}

export type ParseResult =
  | { readonly ok: true; readonly parsed: Constructed }
  | { readonly ok: false; readonly failure: ParseFailure };

function describeYamlException(error: YAMLException, text: string): ParseFailure {
  const offset = error.mark?.position ?? 0;
  if (/maxDepth|nesting/i.test(error.reason))
    return { code: 'yaml-too-deep', reason: `nested deeper than ${maxDepth} levels`, offset };
  const tab = /tab/i.test(error.reason) || isTabIndented(text, offset);
  return { code: 'invalid-yaml', reason: tab ? 'tab used for indentation' : error.reason, offset };
}

/** True where the line around `offset` (or the one after it) is indented with a tab: by far the most common broken YAML. */
function isTabIndented(text: string, offset: number): boolean {
  const lineStart = text.lastIndexOf('\n', Math.max(0, offset - 1)) + 1;
  return /^ *\t/.test(text.slice(lineStart, lineStart + 200));
}

function describeFailure(error: unknown, text: string): ParseFailure {
  if (error instanceof YAMLException) return describeYamlException(error, text);
  if (error instanceof AliasBomb) return { code: 'yaml-alias-bomb', reason: error.message, offset: 0 };
  if (error instanceof UnusableYaml) return { code: 'invalid-yaml', reason: error.message, offset: error.offset };
  if (error instanceof RangeError) return { code: 'yaml-too-deep', reason: 'nested too deep to read', offset: 0 };
  throw error;
}

/**
 * Parses a text that holds one document (or several, ended by `...`), or that range of it. Offsets count from the range's start. Never throws for
 * bad input.
 */
export function parseYaml(text: string, range: TextRange = { start: 0, end: text.length }): ParseResult {
  const plain = readPlainDocument({ text, start: range.start, end: range.end });
  if (plain !== undefined) return { ok: true, parsed: plain };
  return parseFully(range.start === 0 && range.end === text.length ? text : text.slice(range.start, range.end));
}

/** The full parser: any YAML, at a tenth of the speed. */
export function parseFully(text: string): ParseResult {
  try {
    return { ok: true, parsed: constructValues(readEvents(text)) };
  } catch (error) {
    return { ok: false, failure: describeFailure(error, text) };
  }
}
