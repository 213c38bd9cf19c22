// The oracle of the fast path's tests: the full parser's values and places, for tests here and for the exam.

import { asArray, isJsonObject, type Path } from '../../src/model/json.ts';
import type { Json } from '../../src/model/json-value.ts';
import { locateFully, PositionTree } from '../../src/kube/yaml/locate.ts';
import { parseFully } from '../../src/kube/yaml/parse-yaml.ts';
import { readPlainDocument } from '../../src/kube/yaml/fast-path/index.ts';

function pathsOf(value: Json | undefined, path: Path = []): Path[] {
  const children = isJsonObject(value)
    ? Object.entries(value).flatMap(([key, item]) => pathsOf(item, [...path, key]))
    : asArray(value).flatMap((item, index) => pathsOf(item, [...path, index]));
  return [path, ...children];
}

function demandEqual(what: string, actual: unknown, expected: unknown): void {
  const [left, right] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (left !== right) throw new Error(`${what}: the fast path gives ${left}, the full parser ${right}`);
}

/** Throws where the fast path's answer for the text differs from the full parser's; true where it answers at all. */
export function checkAgreement(text: string): boolean {
  const plain = readPlainDocument({ text, start: 0, end: text.length });
  if (plain === undefined) return false;
  const full = parseFully(text);
  demandEqual('values', plain, full.ok ? full.parsed : full.failure);
  const tree = new PositionTree(text);
  const locate = locateFully(text);
  for (const [index, value] of plain.values.entries())
    for (const path of [...pathsOf(value), ['nowhere']])
      demandEqual(`place of ${JSON.stringify(path)}`, tree.locate(index, path), locate(index, path));
  return true;
}
