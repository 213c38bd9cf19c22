// A word as it stands on the command line, as the shell would hand it over: quotes taken off, and the home folder and variables put in. No command in it is run.

type Environment = Readonly<Record<string, string | undefined>>;

const quoted = /'([^']*)'?|"((?:[^"\\]|\\[^])*)"?|((?:[^'"\\]|\\[^]?)+)/g;
const escaped = /\\([^])|\$\{(\w+)\}|\$(\w+)/g;
/** Of double quotes: any other backslash is itself. */
const escapedInQuotes = /\\([$`"\\])|\$\{(\w+)\}|\$(\w+)/g;

function expand(text: string, pattern: RegExp, environment: Environment): string {
  return text.replace(pattern, (...[, kept, long, short]: string[]) => kept ?? environment[long ?? short ?? ''] ?? '');
}

function unquotePart([, single, double, plain]: RegExpMatchArray, environment: Environment): string {
  if (double !== undefined) return expand(double, escapedInQuotes, environment);
  return single ?? expand(plain ?? '', escaped, environment);
}

/** A quote that is still open goes to the end, as it does while one types. */
export function unquote(word: string, environment: Environment): string {
  const home = environment['HOME'];
  const isHome = /^~(?=\/|$)/.test(word) && home !== undefined;
  const parts = [...(isHome ? word.slice(1) : word).matchAll(quoted)];
  const text = parts.map((part) => unquotePart(part, environment)).join('');
  return isHome ? `${home}${text}` : text;
}
