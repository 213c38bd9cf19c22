// The `{{ … }}` actions of a Helm template: what they are, and which keys of the values they read.

/** A block that is open at some line; `reads` is the key its condition or list comes from. */
export interface Block {
  readonly kind: 'if' | 'with' | 'range' | 'define';
  readonly reads: string | undefined;
  /** Values key that `.` stands for inside; `undefined` where it is none. */
  readonly dot: string | undefined;
}

export interface Action {
  readonly start: number;
  readonly end: number;
  /** What stands between the braces, trimmed. */
  readonly body: string;
}

const actionPattern = /\{\{-?\s*((?:"(?:[^"\\\n]|\\.)*"|`[^`]*`|\/\*[\s\S]*?\*\/|[^"`}]|\}(?!\}))*?)\s*-?\}\}/g;

export function findActions(text: string): Action[] {
  return [...text.matchAll(actionPattern)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    body: match[1] ?? '',
  }));
}

/** The text with every action replaced by `\uE000` (line breaks kept), so that its YAML can be looked at. */
export function maskActions(text: string, actions: readonly Action[]): string {
  let masked = '';
  let at = 0;
  for (const { start, end } of actions) {
    masked += text.slice(at, start) + text.slice(start, end).replaceAll(/[^\n]/g, '\uE000');
    at = end;
  }
  return masked + text.slice(at);
}

/** Actions that print nothing by themselves. */
export function isControl(body: string): boolean {
  return /^(?:if|else|end|with|range|define|block|break|continue)\b|^\/\*|^\$\w+\s*(?:,\s*\$\w+\s*)?:?=|^(?:fail|required)\b/.test(
    body,
  );
}

/** Follows blocks and variables from action to action. */
export class Scope {
  private open: Block[] = [];
  private readonly variables = new Map<string, string | undefined>();

  blocks(): readonly Block[] {
    return [...this.open];
  }

  /** Keys that an expression reads, as `helm --set` spells them, in order, each once. */
  reads(body: string): string[] {
    const dot = this.open.findLast(({ kind }) => kind !== 'if')?.dot;
    const found: string[] = [];
    const plain = body.replaceAll(/"(?:[^"\\]|\\.)*"|`[^`]*`/g, (quoted) =>
      /^"[\w.-]+"$/.test(quoted) ? quoted : '""',
    );
    for (const match of plain.matchAll(referencePattern)) {
      const key = this.keyOf(match, dot);
      if (key !== undefined && key !== '' && !found.includes(key)) found.push(key);
    }
    return found;
  }

  private keyOf(match: RegExpMatchArray, dot: string | undefined): string | undefined {
    const [, indexed, absolute, variable, rest, relative] = match;
    if (indexed !== undefined) return indexed.trim().replaceAll('"', '').replaceAll(/\s+/g, '.');
    if (absolute !== undefined) return absolute;
    if (variable !== undefined) return joinKeys(this.variables.get(variable), rest ?? '');
    if (relative === undefined || builtIn.test(relative)) return undefined;
    return joinKeys(dot, relative);
  }

  /** Takes an action's effect on blocks and variables. */
  enter({ body }: Action): void {
    const keyword = /^(if|with|range|define|block|else|end)\b/.exec(body)?.[1];
    if (keyword === 'end') this.open.pop();
    else if (keyword === 'else') this.alternate(body);
    else if (keyword !== undefined) this.push(keyword, body);
    else this.assign(body);
  }

  private push(keyword: string, body: string): void {
    const [reads] = this.reads(body.slice(keyword.length));
    if (keyword === 'if') this.open.push({ kind: 'if', reads, dot: undefined });
    else if (keyword === 'with' || keyword === 'range') {
      this.assign(body.slice(keyword.length).trim());
      this.open.push({ kind: keyword, reads, dot: reads });
    } else this.open.push({ kind: 'define', reads: undefined, dot: undefined });
  }

  private alternate(body: string): void {
    const before = this.open.pop();
    const next = /^else\s+(if|with)\b/.exec(body)?.[1];
    if (next !== undefined) this.push(next, body.replace(/^else\s+/, ''));
    else if (before !== undefined) this.open.push({ kind: 'if', reads: before.reads, dot: undefined });
  }

  private assign(body: string): void {
    const match = /^(?:\$\w+\s*,\s*)?\$(\w+)\s*:?=\s*(.*)$/s.exec(body);
    if (match === null) return;
    const [reads] = this.reads(match[2] ?? '');
    this.variables.set(match[1] ?? '', reads);
  }
}

const referencePattern =
  /index\s+\$?\.Values((?:\s+"[\w.-]+")+)|\$?\.Values\.([\w-]+(?:\.[\w-]+)*)|\$(\w+)((?:\.[\w-]+)*)|(?<![\w)"$])\.((?:[A-Za-z_][\w-]*(?:\.[\w-]+)*)?)/g;
const builtIn = /^(?:Values|Release|Chart|Files|Capabilities|Template|Subcharts)\b/;

function joinKeys(base: string | undefined, rest: string): string | undefined {
  if (base === undefined) return undefined;
  const tail = rest.replace(/^\./, '');
  return tail === '' ? base : `${base}.${tail}`;
}

/** What several keys have in common: `image` for `image.repository` and `image.tag`; nothing where they share nothing. */
export function commonKey(keys: readonly string[]): string | undefined {
  const [first, ...others] = keys.map((key) => key.split('.'));
  if (first === undefined) return undefined;
  let length = first.length;
  for (const other of others) {
    let same = 0;
    while (same < length && other[same] === first[same]) same += 1;
    length = same;
  }
  return length === 0 ? undefined : first.slice(0, length).join('.');
}
