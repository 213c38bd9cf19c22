// A new object as a document of YAML or JSON, the way the user's own are written, and such a document put into a text.

import { parseYaml } from '../../kube/yaml/index.ts';
import { asObject, isSameJson, type Json, type JsonObject, type NewObject, renderJson } from '../../model/index.ts';
import { type Hand, inHand } from '../text/hand.ts';
import { renderBlock } from '../text/render-value.ts';
import { namespaceOf } from './choose-place.ts';

/** The namespace is written where the user writes it, and where it is another one than objects without one go to. */
export function toDocument(create: NewObject): JsonObject {
  const { raw, beside } = create;
  const namespace = namespaceOf(create);
  const { namespace: _, name, ...metadata } = asObject(raw['metadata']);
  const isWritten = asObject(beside.raw['metadata'])['namespace'] !== undefined || beside.namespace === '';
  const isLeftOut = namespace === '' || (namespace === beside.namespace && !isWritten);
  const head: JsonObject = { ...(name === undefined ? {} : { name }), ...(isLeftOut ? {} : { namespace }) };
  const { apiVersion = null, kind = null, metadata: __, ...rest } = raw;
  return { apiVersion, kind, metadata: { ...head, ...metadata }, ...rest };
}

function renderJsonDocument(value: Json, { newLine, step }: Hand): string {
  return renderJson(value, step).replaceAll('\n', newLine) + newLine;
}

/** A document as it is written: by itself, or with the comments that came with it. */
export interface Written {
  readonly value: JsonObject;
  readonly text?: string;
}

function isDocument(text: string, value: JsonObject): boolean {
  const parsed = parseYaml(text);
  return parsed.ok && isSameJson(parsed.parsed.values[0] ?? null, value);
}

/** The text that came with an object holds only where it is the same document. */
export function toWritten(create: NewObject): Written {
  const value = toDocument(create);
  const { text } = create;
  return text !== undefined && isDocument(text, value) ? { value, text } : { value };
}

/** The text of a new file. JSON holds several objects as a List. */
export function renderFile(file: string, documents: readonly Written[], hand: Hand): string {
  const [first] = documents;
  if (!file.endsWith('.json')) return documents.map((each) => renderYaml(each, hand)).join(`---${hand.newLine}`);
  if (documents.length === 1 && first !== undefined) return renderJsonDocument(first.value, hand);
  const items = documents.map(({ value }) => value);
  return renderJsonDocument({ apiVersion: 'v1', kind: 'List', items }, hand);
}

function renderYaml({ value, text }: Written, hand: Hand): string {
  const moved = text === undefined ? undefined : inHand(text, hand);
  if (moved !== undefined && isDocument(moved, value)) return moved;
  return renderBlock(value, { column: 0, ...hand }) + hand.newLine;
}

/** The text with one more document behind its last one; all that was there stays. */
export function appendDocument(text: string, document: Written, hand: Hand): string {
  const { newLine } = hand;
  const open = text === '' || text.endsWith('\n') ? text : text + newLine;
  const isSeparated = /(?:^|\n)---[ \t]*\r?\n$/.test(open) || open.trim() === '';
  return open + (isSeparated ? '' : `---${newLine}`) + renderYaml(document, hand);
}

/** The text with one more document before its first one. Directives belong to the document that they stand before. */
export function prependDocument(text: string, document: Written, hand: Hand): string {
  const isSeparated = /^---(?:[ \t\r\n]|$)/.test(text);
  return renderYaml(document, hand) + (isSeparated ? '' : `---${hand.newLine}`) + text;
}
