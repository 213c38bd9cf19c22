// Policies as YAML that a reviewer can follow: above each rule stands who it is for and how we know.

import { renderField, renderItem } from '../../fixes/index.ts';
import { asObject, type Json, type JsonObject } from '../../model/index.ts';
import type { WrittenPolicy, WrittenRule } from '../../inference/index.ts';

const newLine = '\n';

function comment(text: string, column: number): string {
  return `${' '.repeat(column)}# ${text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')}`;
}

function ruleLines({ raw, notes }: WrittenRule): string[] {
  return [...notes.map((note) => comment(note, 4)), `    ${renderItem(raw, { column: 4, newLine })}`];
}

function directionLines(field: 'ingress' | 'egress', rules: readonly WrittenRule[]): string[] {
  return rules.length === 0 ? [] : [`  ${field}:`, ...rules.flatMap(ruleLines)];
}

function fields(object: JsonObject, column: number): string[] {
  return Object.entries(object).map(([key, value]) => {
    const text = renderField(key, value as Json, { column, newLine });
    return ' '.repeat(column) + text;
  });
}

/** One document, without the `---` before it. */
export function renderPolicy({ raw, about, ingress, egress }: WrittenPolicy): string {
  const { spec, ...head } = raw;
  const { ingress: _, egress: __, ...rest } = asObject(spec);
  return [
    comment(about, 0),
    ...fields(head, 0),
    'spec:',
    ...fields(rest, 2),
    ...directionLines('ingress', ingress),
    ...directionLines('egress', egress),
    '',
  ].join(newLine);
}

export function renderPolicies(policies: readonly WrittenPolicy[], header: readonly string[]): string {
  const top = header.map((line) => comment(line, 0));
  return [
    ...(top.length === 0 ? [] : [`${top.join(newLine)}\n`]),
    ...policies.map((each) => `---\n${renderPolicy(each)}`),
  ].join('');
}
