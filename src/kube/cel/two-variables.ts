// Comprehensions with two variables, index and value or key and value, as Kubernetes has them since 1.33: put down to those with one over entries.

import type { Environment } from '@marcbachmann/cel-js';

export interface LooseNode {
  op: string;
  args: unknown;
}

export function isNode(value: unknown): value is LooseNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}

interface Entry {
  readonly key: unknown;
  readonly value: unknown;
}

function entriesOf(collection: unknown): Entry[] {
  if (Array.isArray(collection)) return collection.map((value: unknown, index) => ({ key: BigInt(index), value }));
  if (collection instanceof Map) return [...collection].map(([key, value]) => ({ key, value }));
  if (typeof collection === 'object' && collection !== null)
    return Object.entries(collection).map(([key, value]) => ({ key, value }));
  throw new Error('a comprehension with two variables goes over a list or a map');
}

function toMap(entries: readonly Entry[]): Map<unknown, unknown> {
  return new Map(entries.map(({ key, value }) => [key, value]));
}

function merge(maps: readonly unknown[]): Map<unknown, unknown> {
  const merged = new Map<unknown, unknown>();
  for (const { key, value } of maps.flatMap(entriesOf)) {
    if (merged.has(key)) throw new Error(`two entries have the key ${String(key)}`);
    merged.set(key, value);
  }
  return merged;
}

export function addEntryLibrary(environment: Environment): void {
  environment
    .registerFunction('__entries(dyn): list<dyn>', entriesOf)
    .registerFunction('__map(list<dyn>): dyn', toMap)
    .registerFunction('__merged(list<dyn>): dyn', merge);
}

interface Call {
  readonly over: string;
  /** The words with both variables bound. */
  readonly bind: (body: string) => string;
  readonly body: string;
  readonly filter: string | undefined;
}

function chosen({ over, bind, filter }: Call): string {
  return filter === undefined ? over : `${over}.filter(__entry, ${bind(filter)})`;
}

/** How each is said with one variable. Source: cel-go, ext/comprehensions.go. */
const forms: Readonly<Record<string, (call: Call) => string>> = {
  all: ({ over, bind, body }) => `${over}.all(__entry, ${bind(body)})`,
  exists: ({ over, bind, body }) => `${over}.exists(__entry, ${bind(body)})`,
  existsOne: ({ over, bind, body }) => `${over}.exists_one(__entry, ${bind(body)})`,
  exists_one: ({ over, bind, body }) => `${over}.exists_one(__entry, ${bind(body)})`,
  transformList: (call) => `${chosen(call)}.map(__entry, ${call.bind(call.body)})`,
  transformMap: (call) => `__map(${chosen(call)}.map(__entry, {'key': __entry.key, 'value': ${call.bind(call.body)}}))`,
  transformMapEntry: (call) => `__merged(${chosen(call)}.map(__entry, ${call.bind(call.body)}))`,
};

const filtering: ReadonlySet<string> = new Set(['transformList', 'transformMap', 'transformMapEntry']);

interface Tools {
  readonly parse: (source: string) => LooseNode;
  readonly print: (node: LooseNode) => string;
}

/** The names of the two variables and what stands after them; `undefined` for any other call. */
function readWords(name: string, words: unknown): { names: string[]; rest: readonly LooseNode[] } | undefined {
  if (!Array.isArray(words)) return undefined;
  const variables = (words as readonly LooseNode[]).slice(0, 2);
  const rest = (words as readonly LooseNode[]).slice(2);
  const most = filtering.has(name) ? 2 : 1;
  if (rest.length === 0 || rest.length > most || variables.some(({ op }) => op !== 'id')) return undefined;
  return { names: variables.map(({ args }) => String(args)), rest };
}

function rewriteCall(node: LooseNode, { parse, print }: Tools): void {
  const [name, receiver, words] = node.args as readonly unknown[];
  const form = forms[String(name)];
  const read = readWords(String(name), words);
  if (form === undefined || read === undefined || !isNode(receiver)) return;
  const [key = '', value = ''] = read.names;
  const texts = read.rest.map(print);
  const call = {
    over: `__entries(${print(receiver)})`,
    bind: (body: string) => `cel.bind(${key}, __entry.key, cel.bind(${value}, __entry.value, ${body}))`,
    body: texts.at(-1) ?? '',
    filter: texts.length === 2 ? texts[0] : undefined,
  };
  const { op, args } = parse(form(call));
  node.op = op;
  node.args = args;
}

/** Rewrites every comprehension with two variables below a node, the inner ones first. */
export function expandTwoVariables(value: unknown, tools: Tools): void {
  if (Array.isArray(value)) {
    for (const each of value) expandTwoVariables(each, tools);
    return;
  }
  if (!isNode(value)) return;
  expandTwoVariables(value.args, tools);
  if (value.op === 'rcall' && Array.isArray(value.args)) rewriteCall(value, tools);
}
