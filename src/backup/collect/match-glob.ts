// Wildcards in names as Velero takes them since 1.18: `*`, `?`, `[abc]` and `{a,b}`.

import { UserError } from '../../model/index.ts';

function wrong(pattern: string, why: string): UserError {
  const advice = 'Wildcards are *, ?, [abc] and {a,b}.';
  return new UserError('invalid-option', `the pattern ${JSON.stringify(pattern)}: ${why}`, advice);
}

/** A set as `[abc]`, `[a-z]` or `[!a]`. */
function setOf(pattern: string, token: string): string {
  if (!token.endsWith(']')) throw wrong(pattern, 'a "[" without its "]"');
  const body = token.slice(1, -1).replace(/[\\\]^]/g, '\\$&');
  return body.startsWith('!') ? `[^${body.slice(1)}]` : `[${body}]`;
}

const tokens = /\*+|\?|[{},]|\[[^\]]*\]?|[^*?{},[]+/g;

/** A star does not reach over a separator, two of them do. */
function wildcardOf(token: string, separator: string): string | undefined {
  const one = separator === '' ? '.' : `[^${escape(separator)}]`;
  if (token.startsWith('*')) return `${token === '*' ? one : '.'}*`;
  return token === '?' ? one : undefined;
}

const inBraces: Readonly<Record<string, string>> = { '{': '(?:', '}': ')', ',': '|' };

function escape(text: string): string {
  return text.replace(/[.+^$()|\\/{}]/g, '\\$&');
}

function toRegExp(pattern: string, separator: string): RegExp {
  let open = 0;
  const parts = (pattern.match(tokens) ?? []).map((token) => {
    if (token.startsWith('[')) return setOf(pattern, token);
    const wildcard = wildcardOf(token, separator);
    if (wildcard !== undefined) return wildcard;
    if (token === '{') open += 1;
    const part = open > 0 ? inBraces[token] : undefined;
    if (token === '}' && open > 0) open -= 1;
    return part ?? escape(token);
  });
  if (open > 0) throw wrong(pattern, 'a "{" without its "}"');
  return new RegExp(`^${parts.join('')}$`, 's');
}

/** Names of Kubernetes are short: a pattern of many stars cannot take long. */
const longest = 512;

/** True where one of the patterns matches the whole name; a star stops at `separator` where there is one. Throws `UserError` for a pattern that is none. */
export function compileGlobs(patterns: readonly string[], separator = ''): (name: string) => boolean {
  const expressions = patterns.map((pattern) => {
    if (pattern.length > longest || (pattern.match(/\*/g)?.length ?? 0) > 8) throw wrong(pattern, 'it is too long');
    return toRegExp(pattern, separator);
  });
  return (name) => expressions.some((expression) => expression.test(name));
}

/** The same for patterns that stand in a file: one that is none is told with its place. */
export function compileGlobsAt(where: string, patterns: readonly string[], separator = ''): (name: string) => boolean {
  try {
    return compileGlobs(patterns, separator);
  } catch (error) {
    if (error instanceof UserError) throw new UserError(error.code, `${where}: ${error.message}`, error.advice, error);
    throw error;
  }
}
