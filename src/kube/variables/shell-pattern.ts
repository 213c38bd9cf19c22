// Patterns of a shell: `*` is any text, `?` any character, `[a-z]` one of these.

function classToRegExp(text: string): string | undefined {
  const [, negated = '', inner = ''] = /^\[(\^?)(.+)\]$/su.exec(text) ?? [];
  return inner === '' ? undefined : `[${negated}${inner.replaceAll(/[[\]\\]/g, '\\$&')}]`;
}

function partToRegExp(part: string): string | undefined {
  if (part === '*') return '.*';
  if (part === '?') return '.';
  if (part.startsWith('[')) return classToRegExp(part);
  const letter = part.startsWith('\\') ? part.slice(1) : part;
  return letter.replaceAll(/[$()*+.?[\\\]^{|}/-]/g, '\\$&');
}

/** Matches the whole text; `undefined` for what is no pattern. */
export function globToRegExp(pattern: string): RegExp | undefined {
  const parts = [...pattern.matchAll(/\\.|\[\^?[^\]]+\]|./gsu)].map(([part]) => partToRegExp(part));
  if (parts.includes(undefined)) return undefined;
  try {
    return new RegExp(`^${parts.join('')}$`, 'su');
  } catch {
    return undefined;
  }
}
