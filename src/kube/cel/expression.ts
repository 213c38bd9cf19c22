// CEL as Kubernetes' admission policies evaluate it: compiled once, evaluated on raw JSON, bounded.

import { type ASTNode, Environment, ParseError, type ParseResult } from '@marcbachmann/cel-js';
import { serialize } from '@marcbachmann/cel-js/serialize';
import { digitsOf, isExactNumber, type Json, parseDigits, UserError } from '../../model/index.ts';
import { addListLibrary } from './list-library.ts';
import { addNetworkLibrary } from './network-library.ts';
import { addQuantityLibrary } from './quantity-library.ts';
import { addRegexLibrary } from './regex-library.ts';
import { addTextLibrary } from './text-library.ts';
import { addEntryLibrary, expandTwoVariables, isNode, type LooseNode } from './two-variables.ts';

export type Evaluation = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly error: string };

/** What an expression works on and gives: made by `toCel`, or the result of another expression. */
export type CelValue = unknown;

export type RawEvaluation =
  | { readonly ok: true; readonly value: CelValue }
  | { readonly ok: false; readonly error: string };

export interface CompiledExpression {
  /** Never throws: an error of the expression is a value. */
  readonly evaluate: (variables: Readonly<Record<string, Json | undefined>>) => Evaluation;
  /** The same on values that are CEL's own already: for many expressions on one object. */
  readonly run: (variables: Readonly<Record<string, CelValue>>) => RawEvaluation;
}

/** Loops within loops multiply: three levels over a list of a thousand are a billion steps. */
const maxLoopDepth = 2;
const loops: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);

const libraries = [
  addTextLibrary,
  addListLibrary,
  addRegexLibrary,
  addQuantityLibrary,
  addNetworkLibrary,
  addEntryLibrary,
];

let shared: Environment | undefined;

function environment(): Environment {
  if (shared === undefined) {
    shared = new Environment({
      unlistedVariablesAreDyn: true,
      homogeneousAggregateLiterals: false,
      enableOptionalTypes: true,
      limits: { maxAstNodes: 2000, maxDepth: 100 },
    });
    for (const add of libraries) add(shared);
  }
  return shared;
}

/** Renames `matches`, whose built-in form can take exponential time, and tells how deep loops are nested. */
function rewrite(value: unknown): number {
  if (Array.isArray(value)) return Math.max(0, ...value.map(rewrite));
  if (!isNode(value)) return 0;
  const args = value.args;
  if (value.op !== 'rcall' || !Array.isArray(args)) return rewrite(args);
  if (args[0] === 'matches') args[0] = 'matchesLinear';
  const [name, receiver, ...body] = args;
  // What is looped over is computed once: only what stands in the loop multiplies.
  return Math.max(rewrite(receiver), rewrite(body) + (loops.has(String(name)) ? 1 : 0));
}

function parse(source: string): ParseResult {
  const first = environment().parse(source);
  expandTwoVariables(first.ast, {
    parse: (text) => environment().parse(text).ast as unknown as LooseNode,
    print: (node) => serialize(node as unknown as ASTNode),
  });
  const depth = rewrite(first.ast);
  if (depth > maxLoopDepth) throw new Error(`loops are nested ${depth} deep; ${maxLoopDepth} are allowed`);
  return environment().parse(serialize(first.ast as ASTNode));
}

function exactToCel(value: string): CelValue {
  const digits = digitsOf(value) ?? '';
  return /^-?\d+$/.test(digits) ? BigInt(digits) : Number(digits);
}

/** JSON as CEL sees it: whole numbers are integers. */
export function toCel(value: Json | undefined): CelValue {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (isExactNumber(value)) return exactToCel(value);
  if (typeof value !== 'object' || value === null) return value ?? null;
  if (Array.isArray(value)) return value.map((item: Json) => toCel(item));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toCel(item)]));
}

function toJson(value: unknown): Json {
  if (typeof value === 'bigint') return parseDigits(String(value));
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [String(key), toJson(item)]));
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toJson(item)]));
  return typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number' ? value : null;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}

function describePlace(error: unknown): string {
  const start = error instanceof ParseError ? error.range?.start : undefined;
  return start === undefined ? '' : ` at character ${start + 1}`;
}

/** Compiles an expression. Throws `UserError` `invalid-expression`; `what` names the expression for the user. */
export function compileExpression(source: string, what: string): CompiledExpression {
  let program: ParseResult;
  try {
    program = parse(source);
  } catch (error) {
    throw new UserError(
      'invalid-expression',
      `${what}: ${firstLine(error)}${describePlace(error)}`,
      'Correct the CEL expression; see docs/custom-checks.md.',
      error,
    );
  }
  const run: CompiledExpression['run'] = (variables) => {
    try {
      return { ok: true, value: program(variables) };
    } catch (error) {
      return { ok: false, error: firstLine(error) };
    }
  };
  return {
    run,
    evaluate: (variables) => {
      const context = Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, toCel(value)]));
      const result = run(context);
      return result.ok ? { ok: true, value: toJson(result.value) } : result;
    },
  };
}
