// A new object as a document of YAML or JSON, the way the user's own are written, and such a document put into a text.

import { parseYaml } from '../../kube/yaml/index.ts';
import { asObject, isSameJson, type Json, type JsonObject, type NewObject } from '../../model/index.ts';
import { renderBlock } from '../text/render-value.ts';
import { namespaceOf } from './choose-place.ts';

export interface Hand {
  readonly newLine: string;
  /** Lists stand at the column of their key. */
  readonly flatLists: boolean;
}

/** How a text is written: its line ends, and where its lists stand. */
export function handOf(text: string): Hand {
  const lists = [...text.matchAll(/^( *)(?:- )?[\w./"'-]+:[ \t]*(?:#.*)?\r?\n( *)- /gm)];
  const flat = lists.filter(([, key = '', dash = '']) => key.length >= dash.length).length;
  return { newLine: text.includes('\r\n') ? '\r\n' : '\n', flatLists: flat * 2 > lists.length };
}

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

function renderJson(value: Json, newLine: string): string {
  return JSON.stringify(value, null, 2).replaceAll('\n', newLine) + newLine;
}

/** A document as it is written: by itself, or with the comments that came with it. */
export interface Written {
  readonly value: JsonObject;
  readonly text?: string;
}

/** The text that came with an object holds only where it is the same document. */
export function toWritten(create: NewObject): Written {
  const value = toDocument(create);
  const { text } = create;
  const parsed = text === undefined ? undefined : parseYaml(text);
  const isSame = parsed?.ok === true && isSameJson(parsed.parsed.values[0] ?? null, value);
  return isSame && text !== undefined ? { value, text } : { value };
}

/** The text of a new file. JSON holds several objects as a List. */
export function renderFile(file: string, documents: readonly Written[], hand: Hand): string {
  const [first] = documents;
  if (!file.endsWith('.json')) return documents.map((each) => renderYaml(each, hand)).join(`---${hand.newLine}`);
  if (documents.length === 1 && first !== undefined) return renderJson(first.value, hand.newLine);
  const items = documents.map(({ value }) => value);
  return renderJson({ apiVersion: 'v1', kind: 'List', items }, hand.newLine);
}

function renderYaml({ value, text }: Written, { newLine, flatLists }: Hand): string {
  if (text !== undefined) return text.replaceAll('\n', newLine);
  return renderBlock(value, { column: 0, newLine, flatLists }) + newLine;
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
