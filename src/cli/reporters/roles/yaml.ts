// Roles and bindings as YAML to apply, with comments that say what each rule rests on. Names come from a log: all of them are quoted where YAML needs it.

import type { RolesAnswer, RoleView, SubjectRoles } from '../../../app/roles/roles-answer.ts';
import { asArray, asObject, asString, type Json, type JsonObject } from '../../../model/index.ts';
import { hang, stringWidth } from '../../layout.ts';
import { givenTexts, logTexts, nobodyTexts, proofTexts, restText, seenText, subjectTitle } from './words.ts';

const columns = 110;

// Words that YAML 1.1 takes for something other than text.
const otherThanText = /^(?:true|false|yes|no|on|off|null|y|n)$/i;

/** Text as YAML reads it back, whatever is in it. */
export function yamlText(text: string): string {
  if (/^[A-Za-z/][\w./-]*$/.test(text) && !otherThanText.test(text)) return text;
  if (text === '*' || text === '') return `'${text}'`;
  const escaped = JSON.stringify(text);
  return escaped.replaceAll(
    /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A list on one line where it fits, else an item a line. */
function listLines(indent: string, key: string, items: readonly Json[]): string[] {
  const texts = items.map((item) => yamlText(asString(item) ?? ''));
  const line = `${indent}${key}: [${texts.join(', ')}]`;
  if (stringWidth(line) <= columns) return [line];
  return [`${indent}${key}:`, ...texts.map((text) => `${indent}  - ${text}`)];
}

export function commentLines(indent: string, text: string): string[] {
  return hang(`${indent}# `, text, columns).map((line, index) =>
    index === 0 ? line : `${indent}#   ${line.trimStart()}`,
  );
}

function ruleLines(rule: JsonObject, rest: RoleView['restOn'][number]): string[] {
  const fields = Object.entries(rule).flatMap(([key, value]) => listLines('    ', key, asArray(value)));
  const [first = '', ...others] = fields;
  return [...commentLines('  ', restText(rest)), `  - ${first.trimStart()}`, ...others];
}

function metadataLines({ apiVersion, kind, metadata }: JsonObject): string[] {
  const { name, namespace } = asObject(metadata);
  return [
    `apiVersion: ${yamlText(asString(apiVersion) ?? '')}`,
    `kind: ${yamlText(asString(kind) ?? '')}`,
    'metadata:',
    `  name: ${yamlText(asString(name) ?? '')}`,
    ...(namespace === undefined ? [] : [`  namespace: ${yamlText(asString(namespace) ?? '')}`]),
  ];
}

function roleLines({ role, restOn }: RoleView): string[] {
  const rules = asArray(role['rules']).map(asObject);
  return [...metadataLines(role), 'rules:', ...rules.flatMap((rule, index) => ruleLines(rule, restOn[index] ?? []))];
}

function mappingLines(indent: string, value: JsonObject): string[] {
  return Object.entries(value).map(([key, each]) => `${indent}${key}: ${yamlText(asString(each) ?? '')}`);
}

function bindingLines({ binding }: RoleView): string[] {
  const subjects = asArray(binding['subjects']).flatMap((subject) => {
    const [first = '', ...rest] = mappingLines('    ', asObject(subject));
    return [`  - ${first.trimStart()}`, ...rest];
  });
  return [
    ...metadataLines(binding),
    'roleRef:',
    ...mappingLines('  ', asObject(binding['roleRef'])),
    'subjects:',
    ...subjects,
  ];
}

function headLines(subject: SubjectRoles): string[] {
  const marks = proofTexts(subject).map(({ text }) => text);
  return [
    `${subjectTitle(subject.subject)}: ${seenText(subject)}`,
    ...marks,
    ...givenTexts(subject),
    ...subject.notes,
  ].flatMap((text) => commentLines('', text));
}

/** A document for each object; the comments stand before the first, or alone. */
export function roleDocuments(comments: readonly string[], roles: readonly RoleView[]): string[] {
  const [first = [], ...rest] = roles.flatMap((role) => [roleLines(role), bindingLines(role)]);
  return [[...comments, ...first], ...rest].map((lines) => `${lines.join('\n')}\n`);
}

export function renderRolesYaml(answer: RolesAnswer): string {
  const head = ['Roles from evidence, by nowwhat roles.', ...logTexts(answer), ...nobodyTexts(answer)].flatMap((text) =>
    commentLines('', text),
  );
  const documents = answer.subjects.flatMap((each) => roleDocuments(headLines(each), each.roles));
  return `${head.join('\n')}\n${documents.map((text) => `---\n${text}`).join('')}`;
}
