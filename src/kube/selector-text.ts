// Reads the text form of a label selector, as `kubectl -l` takes it: `app=web,tier in (a,b),!legacy`.

import {
  nothingSelector,
  type Requirement,
  requirementProblem,
  type Selector,
  type SelectorOperator,
  selectorOf,
} from './selectors.ts';

interface Token {
  readonly kind: 'word' | 'symbol' | 'end';
  readonly text: string;
}

const binaryOperators: Readonly<Record<string, SelectorOperator>> = {
  '=': 'In',
  '==': 'In',
  '!=': 'NotIn',
  in: 'In',
  notin: 'NotIn',
  '>': 'Gt',
  '<': 'Lt',
};

const end: Token = { kind: 'end', text: '' };

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  for (const match of text.matchAll(/([^ \t\r\n=!(),<>]+)|(==|!=|[=!(),<>])/g)) {
    const [, word] = match;
    tokens.push(word === undefined ? { kind: 'symbol', text: match[0] } : { kind: 'word', text: word });
  }
  return tokens;
}

/** Raised inside this file only; the public function turns it into a reason. */
class SyntaxProblem extends Error {}

class Cursor {
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  peek(): Token {
    return this.#tokens[this.#next] ?? end;
  }

  take(): Token {
    const token = this.peek();
    this.#next += 1;
    return token;
  }

  takeIf(text: string): boolean {
    if (this.peek().kind !== 'symbol' || this.peek().text !== text) return false;
    this.#next += 1;
    return true;
  }
}

function unexpected(token: Token, expected: string): SyntaxProblem {
  return new SyntaxProblem(`found ${token.kind === 'end' ? 'the end' : `"${token.text}"`}, expected ${expected}`);
}

function parseKey(cursor: Cursor): string {
  const token = cursor.take();
  if (token.kind !== 'word') throw unexpected(token, 'a label key');
  return token.text;
}

/** `(a,b)`; empty places count as the empty value, and `()` as one of them. */
function parseValueSet(cursor: Cursor): string[] {
  if (!cursor.takeIf('(')) throw unexpected(cursor.peek(), '"("');
  const values = new Set<string>();
  for (;;) {
    values.add(cursor.peek().kind === 'word' ? cursor.take().text : '');
    if (cursor.takeIf(')')) return [...values];
    if (!cursor.takeIf(',')) throw unexpected(cursor.peek(), '"," or ")"');
  }
}

function parseOneValue(cursor: Cursor): string {
  const token = cursor.peek();
  if (token.kind === 'end' || token.text === ',') return '';
  if (token.kind !== 'word') throw unexpected(token, 'a value');
  return cursor.take().text;
}

function isRequirementEnd({ kind, text }: Token): boolean {
  return kind === 'end' || (kind === 'symbol' && text === ',');
}

function parseRequirement(cursor: Cursor): Requirement {
  const negated = cursor.takeIf('!');
  const key = parseKey(cursor);
  if (negated) return { key, operator: 'DoesNotExist', values: [] };
  if (isRequirementEnd(cursor.peek())) return { key, operator: 'Exists', values: [] };
  const token = cursor.take();
  const operator = Object.hasOwn(binaryOperators, token.text) ? binaryOperators[token.text] : undefined;
  if (operator === undefined) throw unexpected(token, '=, ==, !=, in, notin, > or <');
  if (token.kind === 'word') return { key, operator, values: parseValueSet(cursor) };
  return { key, operator, values: [parseOneValue(cursor)] };
}

function parseRequirements(cursor: Cursor): Requirement[] {
  const requirements: Requirement[] = [];
  if (cursor.peek().kind === 'end') return requirements;
  for (;;) {
    requirements.push(parseRequirement(cursor));
    if (cursor.peek().kind === 'end') return requirements;
    if (!cursor.takeIf(',')) throw unexpected(cursor.peek(), '"," or the end');
  }
}

/**
 * The selector that a text means; empty text means everything. What is not a selector comes back as one that matches
 * nothing, with the reason in `invalid`. Source: k8s.io/apimachinery pkg/labels, Parse.
 */
export function parseSelectorText(text: string): Selector {
  try {
    const requirements = parseRequirements(new Cursor(tokenize(text)));
    const problem = requirements.map(requirementProblem).find((reason) => reason !== undefined);
    return problem === undefined ? selectorOf(requirements) : nothingSelector(problem);
  } catch (error) {
    if (error instanceof SyntaxProblem) return nothingSelector(error.message);
    throw error;
  }
}
