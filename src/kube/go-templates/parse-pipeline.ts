// The inside of an action of a Go template: commands in a pipe, each a value or a function with its arguments. Source: pkg.go.dev/text/template, Pipelines.

import { NotKnown } from './not-known.ts';

export type Operand =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | undefined }
  /** `.a.b`, or what stands behind a pipeline in parentheses. */
  | { readonly kind: 'fields'; readonly of: Pipeline | undefined; readonly names: readonly string[] };

export interface Command {
  /** Left out where the command is a value. */
  readonly name?: string;
  readonly operands: readonly Operand[];
}

export type Pipeline = readonly Command[];

const token =
  /\s*(?:(?<text>"(?:[^"\\\n]|\\.)*")|`(?<raw>[^`]*)`|(?<number>[+-]?\d+(?:\.\d+)?(?![\w.]))|(?<fields>\$?(?:\.\w+)+|\$?\.(?!\w)|\$(?!\w))|(?<word>[A-Za-z_]\w*)|(?<sign>[()|]))/y;

type Token = Readonly<Partial<Record<'text' | 'raw' | 'number' | 'fields' | 'word' | 'sign', string>>>;

function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  const text = source.trim();
  for (let at = 0; at < text.length; at = token.lastIndex) {
    token.lastIndex = at;
    const found = token.exec(text)?.groups;
    if (found === undefined) throw new NotKnown(`"${text}"`);
    tokens.push(found);
  }
  return tokens;
}

/** Go's escapes that JSON does not know are rare in templates, and not known. */
function unquote(text: string): string {
  try {
    return JSON.parse(text) as string;
  } catch {
    throw new NotKnown(`the text ${text}`);
  }
}

function namesOf(fields: string): string[] {
  return fields
    .replace(/^\$/, '')
    .split('.')
    .filter((name) => name !== '');
}

const words: ReadonlyMap<string, boolean | undefined> = new Map([
  ['true', true],
  ['false', false],
  ['nil', undefined],
]);

class Parser {
  private at = 0;
  private readonly tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  whole(): Pipeline {
    const pipeline = this.pipeline();
    if (this.at < this.tokens.length) throw new NotKnown('a parenthesis without its other half');
    return pipeline;
  }

  private pipeline(): Pipeline {
    const commands = [this.command()];
    while (this.tokens[this.at]?.sign === '|') {
      this.at += 1;
      commands.push(this.command());
    }
    return commands;
  }

  private command(): Command {
    const { word } = this.tokens[this.at] ?? {};
    const isFunction = word !== undefined && !words.has(word);
    if (isFunction) this.at += 1;
    const operands: Operand[] = [];
    for (let next = this.operand(); next !== undefined; next = this.operand()) operands.push(next);
    if (isFunction) return { name: word, operands };
    if (operands.length !== 1) throw new NotKnown('an empty command, or a value with arguments');
    return { operands };
  }

  private operand(): Operand | undefined {
    const next = this.tokens[this.at];
    if (next === undefined || next.sign === '|' || next.sign === ')') return undefined;
    this.at += 1;
    if (next.sign === '(') return this.inParentheses();
    if (next.fields !== undefined) return { kind: 'fields', of: undefined, names: namesOf(next.fields) };
    // A function without arguments, among arguments.
    if (next.word !== undefined && !words.has(next.word))
      return { kind: 'fields', of: [{ name: next.word, operands: [] }], names: [] };
    return { kind: 'literal', value: literalOf(next) };
  }

  private inParentheses(): Operand {
    const of = this.pipeline();
    if (this.tokens[this.at]?.sign !== ')') throw new NotKnown('a parenthesis without its other half');
    this.at += 1;
    const { fields } = this.tokens[this.at] ?? {};
    if (fields?.startsWith('.') !== true) return { kind: 'fields', of, names: [] };
    this.at += 1;
    return { kind: 'fields', of, names: namesOf(fields) };
  }
}

function literalOf({ text, raw, number, word = '' }: Token): string | number | boolean | undefined {
  if (text !== undefined) return unquote(text);
  if (raw !== undefined) return raw;
  return number === undefined ? words.get(word) : Number(number);
}

/** Throws `NotKnown`. */
export function parsePipeline(source: string): Pipeline {
  return new Parser(tokensOf(source)).whole();
}
