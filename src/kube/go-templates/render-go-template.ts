// Renders a Go template with conditions and common functions. What is not known of it is told, never guessed.

import { isJsonObject, type JsonObject } from '../../model/index.ts';
import { findFunction, type GoValue, isEmpty, textOf } from './functions.ts';
import { NotKnown } from './not-known.ts';
import { type GoNode, parseGoTemplate } from './parse-go-template.ts';
import type { Operand, Pipeline } from './parse-pipeline.ts';

export type GoRendering =
  | { readonly ok: true; readonly text: string }
  /** What is not known: the end of a sentence. */
  | { readonly ok: false; readonly reason: string };

interface Data {
  readonly values: JsonObject;
  /** True for `missingkey=error`: a key that is not there is an error, also where a default is given. */
  readonly isStrict: boolean;
}

function fieldsOf(of: GoValue, names: readonly string[], { isStrict }: Data): GoValue {
  return names.reduce<GoValue>((value, name) => {
    if (!isJsonObject(value) || (isStrict && value[name] === undefined)) throw new NotKnown(`".${names.join('.')}"`);
    return value[name];
  }, of);
}

function valueOf(operand: Operand, data: Data): GoValue {
  if (operand.kind === 'literal') return operand.value;
  const { of, names } = operand;
  return fieldsOf(of === undefined ? data.values : evaluate(of, data), names, data);
}

/** What a command gives is the last argument of the next. */
function evaluate(pipeline: Pipeline, data: Data): GoValue {
  let given: readonly GoValue[] = [];
  for (const { name, operands } of pipeline) {
    const values = [...operands.map((operand) => valueOf(operand, data)), ...given];
    if (name === undefined && given.length > 0) throw new NotKnown('a value behind a pipe');
    given = [name === undefined ? values[0] : findFunction(name)(...values)];
  }
  return given[0];
}

function renderNode(node: GoNode, data: Data): string {
  if (node.kind === 'text') return node.text;
  if (node.kind === 'value') return textOf(evaluate(node.pipeline, data));
  const branch = node.branches.find(({ condition }) => condition === undefined || !isEmpty(evaluate(condition, data)));
  return branch === undefined ? '' : renderAll(branch.nodes, data);
}

function renderAll(nodes: readonly GoNode[], data: Data): string {
  return nodes.map((node) => renderNode(node, data)).join('');
}

export function renderGoTemplate(template: string, values: JsonObject, isStrict = false): GoRendering {
  try {
    return { ok: true, text: renderAll(parseGoTemplate(template), { values, isStrict }) };
  } catch (error) {
    if (error instanceof NotKnown) return { ok: false, reason: error.message };
    throw error;
  }
}
