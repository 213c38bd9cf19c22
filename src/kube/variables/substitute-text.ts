// Variables in texts as Flux puts them in: the shell's `${name}` with its defaults, parts and replacements, and nothing else of a shell.
// Source: fluxcd.io, Kustomization, "Post build variable substitution".

import { globToRegExp } from './shell-pattern.ts';

/** The value of a variable: '' where nobody sets it, `undefined` where that is not known. */
export type Lookup = (name: string) => string | undefined;

/** The text cannot be told: a variable is not known, or an expression is none. */
class Untold extends Error {}

const name = /[\p{L}\p{Nd}_]+/uy;

class Reader {
  private at = 0;
  private readonly text: string;
  private readonly lookup: Lookup;

  constructor(text: string, lookup: Lookup) {
    this.text = text;
    this.lookup = lookup;
  }

  whole(): string {
    let result = '';
    while (this.at < this.text.length) {
      if (this.take('${')) result += this.expression();
      // Two of them are one that means nothing.
      else if (this.take('$$')) result += '$';
      else result += this.text[this.at++] ?? '';
    }
    return result;
  }

  private take(mark: string): boolean {
    if (!this.text.startsWith(mark, this.at)) return false;
    this.at += mark.length;
    return true;
  }

  private takeOne(marks: readonly string[]): string | undefined {
    return marks.find((mark) => this.take(mark));
  }

  private value(): string {
    name.lastIndex = this.at;
    const found = name.exec(this.text)?.[0];
    const value = found === undefined ? undefined : this.lookup(found);
    if (found === undefined || value === undefined) throw new Untold();
    this.at += found.length;
    return value;
  }

  private close(value: string): string {
    if (!this.take('}')) throw new Untold();
    return value;
  }

  /** Behind `${`, up to its brace. */
  private expression(): string {
    if (this.take('#')) return this.close(String(this.value().length));
    const value = this.value();
    const operator = this.takeOne([
      ':=',
      ':-',
      ':?',
      ':+',
      '=',
      '##',
      '#',
      '%%',
      '%',
      ',,',
      ',',
      '^^',
      '^',
      '//',
      '/#',
      '/%',
      '/',
      ':',
    ]);
    return operator === undefined ? this.close(value) : this.operate(operator, value);
  }

  private operate(operator: string, value: string): string {
    // For Flux all of these are defaults, which stand in for an empty value as well.
    if (/^(?::[=?+-]|=)$/.test(operator)) return this.orElse(value);
    if (/^[,^]/.test(operator)) return this.close(inCase(operator, value));
    if (operator === ':') return this.part(value);
    if (operator.startsWith('/')) return this.replacement(operator, value);
    return this.close(trim(operator, value, this.word('}')));
  }

  private orElse(value: string): string {
    const other = this.word('}');
    return this.close(value === '' ? other : value);
  }

  /** Text with expressions in it, up to one of the marks. */
  private word(marks: string): string {
    let word = '';
    while (this.at < this.text.length && !marks.includes(this.text[this.at] ?? ''))
      word += this.take('${') ? this.expression() : (this.text[this.at++] ?? '');
    return word;
  }

  private part(value: string): string {
    const start = wholeNumber(this.word(':}'));
    const length = this.take(':') ? wholeNumber(this.word('}')) : value.length;
    const from = start < 0 ? Math.max(0, value.length + start) : start;
    return this.close(value.slice(from, length < 0 ? Math.max(from, value.length + length) : from + length));
  }

  private replacement(operator: string, value: string): string {
    const pattern = this.word('/');
    if (!this.take('/')) throw new Untold();
    return this.close(replace(operator, value, pattern, this.word('}')));
  }
}

function wholeNumber(text: string): number {
  if (!/^[+-]?\d+$/.test(text.trim())) throw new Untold();
  return Number(text);
}

function inCase(operator: string, value: string): string {
  const first = operator.length === 1 ? 1 : value.length;
  const head = value.slice(0, first);
  return (operator.startsWith(',') ? head.toLowerCase() : head.toUpperCase()) + value.slice(first);
}

function replace(operator: string, value: string, pattern: string, other: string): string {
  if (operator === '/#') return value.startsWith(pattern) ? other + value.slice(pattern.length) : value;
  if (operator === '/%') return value.endsWith(pattern) ? value.slice(0, value.length - pattern.length) + other : value;
  return operator === '//' ? value.replaceAll(pattern, () => other) : value.replace(pattern, () => other);
}

/** Takes what the pattern means off the start (`#`) or the end (`%`): as little as there is, or as much (two marks). */
function trim(operator: string, value: string, pattern: string): string {
  const glob = globToRegExp(pattern);
  if (glob === undefined) throw new Untold();
  const isStart = operator.startsWith('#');
  const lengths = Array.from({ length: value.length }, (_, index) => index + 1);
  const ordered = operator.length === 2 ? lengths.toReversed() : lengths;
  const taken = ordered.find((length) => glob.test(isStart ? value.slice(0, length) : value.slice(-length)));
  if (taken === undefined) return value;
  return isStart ? value.slice(taken) : value.slice(0, -taken);
}

/** `undefined` where it cannot be told. */
export function substituteText(text: string, lookup: Lookup): string | undefined {
  try {
    return new Reader(text, lookup).whole();
  } catch (error) {
    if (error instanceof Untold) return undefined;
    throw error;
  }
}
