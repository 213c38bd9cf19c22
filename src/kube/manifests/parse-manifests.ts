// One text of YAML or JSON to Kubernetes objects: lists are unfolded, what cannot be read is told, nothing is dropped.

import { parseApiVersion } from '../api-version.ts';
import { isClusterScoped } from '../scope.ts';
import { substituteObject } from '../variables/index.ts';
import {
  LineIndex,
  type ParseFailure,
  PositionTree,
  parseYaml,
  splitDocuments,
  type TextRange,
} from '../yaml/index.ts';
import {
  asArray,
  asObject,
  asString,
  type DuplicateKey,
  isJsonObject,
  type Json,
  type JsonObject,
  type KubeObject,
  type ObjectSource,
  type Origin,
  type Path,
  type SourceText,
  type Unreadable,
} from '../../model/index.ts';

/** A document that parses and is no Kubernetes object: the caller decides whether to tell. */
export interface OtherDocument {
  readonly line: number;
  /** Top-level keys (up to ten), to recognise what the file is. */
  readonly keys: readonly string[];
}

export interface ParsedText {
  readonly objects: KubeObject[];
  readonly unreadable: Unreadable[];
  readonly others: OtherDocument[];
  readonly duplicateKeys: DuplicateKey[];
}

export interface ParseContext {
  /** Index that `source` will have in `Snapshot.texts`. */
  readonly textIndex: number;
  readonly origin: Origin;
  /** Namespace of objects that name none. */
  readonly namespace: string;
}

const listKind = /List$/;
const beforeContent = /(?:---[^\n]*\n?|[ \t]*(?:#[^\n]*)?\r?\n)*/y;

/** First character of the range's own content: after `---`, blank lines and comments. */
function contentStart(text: string, { start }: TextRange): number {
  beforeContent.lastIndex = start;
  return start + (beforeContent.exec(text)?.[0].length ?? 0);
}

class ManifestParser {
  readonly result: ParsedText = { objects: [], unreadable: [], others: [], duplicateKeys: [] };
  private lineIndex: LineIndex | undefined;
  private readonly source: SourceText;
  private readonly context: ParseContext;

  constructor(source: SourceText, context: ParseContext) {
    this.source = source;
    this.context = context;
  }

  private position(offset: number): { line: number; column: number } {
    this.lineIndex ??= new LineIndex(this.source.text);
    return this.lineIndex.at(offset);
  }

  parse(): ParsedText {
    for (const range of splitDocuments(this.source.text)) this.parseRange(range);
    return this.result;
  }

  private parseRange(range: TextRange): void {
    const outcome = parseYaml(this.source.text, range);
    if (!outcome.ok) {
      this.fail(outcome.failure, range);
      return;
    }
    const { values, duplicates } = outcome.parsed;
    const first = this.result.objects.length;
    for (const [index, value] of values.entries()) this.addValue(value, range, index);
    const object = this.result.objects[first];
    if (object === undefined) return;
    for (const duplicate of duplicates) {
      const position = { file: this.source.file, ...this.position(range.start + duplicate.offset) };
      this.result.duplicateKeys.push({ ...this.ownerOf(first, duplicate.path), position });
    }
  }

  /** The object that a path of the document belongs to: an item, where the document is a list. */
  private ownerOf(first: number, path: Path): { object: number; path: Path } {
    for (let index = first; index < this.result.objects.length; index += 1) {
      const within = this.result.objects[index]?.source.within ?? [];
      if (within.length > 0 && within.every((step, at) => path[at] === step))
        return { object: index, path: path.slice(within.length) };
    }
    return { object: first, path };
  }

  private fail(failure: ParseFailure, range: TextRange): void {
    const advice =
      failure.code === 'invalid-yaml'
        ? 'Correct the text at this place; the other documents were read.'
        : 'Split or simplify the document; the other documents were read.';
    this.result.unreadable.push({
      code: failure.code,
      position: { file: this.source.file, ...this.position(range.start + failure.offset) },
      reason: failure.reason,
      advice,
    });
  }

  private addValue(value: Json, range: TextRange, document: number): void {
    if (value === null) return;
    const { line } = this.position(contentStart(this.source.text, range));
    if (!isJsonObject(value) || !isTyped(value)) {
      const keys = isJsonObject(value) ? Object.keys(value).slice(0, 10) : [];
      this.result.others.push({ line, keys });
      return;
    }
    const source = { ...this.place(range, line), document };
    if (listKind.test(asString(value['kind']) ?? '') && Array.isArray(value['items'])) this.addItems(value, source);
    else this.result.objects.push(this.toObject(value, source));
  }

  private addItems(list: JsonObject, source: ObjectSource): void {
    const tree = new PositionTree(this.source.text, source);
    for (const [index, item] of asArray(list['items']).entries()) {
      const within = ['items', index];
      const { line } = this.position(source.start + tree.locate(source.document, within).offset);
      const typed = isJsonObject(item) ? typedAs(list, item) : {};
      if (isTyped(typed)) this.result.objects.push(this.toObject(typed, { ...source, line, within }));
      else this.result.unreadable.push(untypedItem({ file: this.source.file, line, column: 1 }, index));
    }
  }

  private toObject(value: JsonObject, source: ObjectSource): KubeObject {
    const { origin, namespace } = this.context;
    return toObject(
      origin.variables === undefined ? value : substituteObject(value, origin.variables),
      source,
      namespace,
    );
  }

  private place(range: TextRange, line: number): Omit<ObjectSource, 'document'> {
    const { textIndex, origin } = this.context;
    return { file: this.source.file, text: textIndex, start: range.start, end: range.end, line, within: [], origin };
  }
}

function untypedItem(position: Unreadable['position'], index: number): Unreadable {
  return {
    code: 'not-an-object',
    position,
    reason: `item ${index} of the list has no apiVersion or no kind`,
    advice: 'Add apiVersion and kind to the item.',
  };
}

function isTyped(value: JsonObject): boolean {
  return typeof value['apiVersion'] === 'string' && typeof value['kind'] === 'string' && value['kind'] !== '';
}

/** Items of a `PodList` need not say that they are Pods. Source: k8s.io/apimachinery, UnstructuredJSONScheme, as kubectl reads lists. */
function typedAs(list: JsonObject, item: JsonObject): JsonObject {
  const kind = (asString(list['kind']) ?? '').replace(listKind, '');
  if (item['kind'] !== undefined || item['apiVersion'] !== undefined || kind === '') return item;
  return { apiVersion: asString(list['apiVersion']) ?? '', kind, ...item };
}

/** Who a raw object is. `metadata.namespace` of a cluster-scoped kind is ignored, as the API server does. */
export function toObject(raw: JsonObject, source: ObjectSource, namespace: string): KubeObject {
  const apiVersion = asString(raw['apiVersion']) ?? '';
  const kind = asString(raw['kind']) ?? '';
  const metadata = asObject(raw['metadata']);
  const { group, version } = parseApiVersion(apiVersion);
  const generateName = asString(metadata['generateName']);
  const name = asString(metadata['name']) ?? (generateName === undefined ? '' : `${generateName}*`);
  const declared = asString(metadata['namespace']);
  const effective = isClusterScoped(group, kind)
    ? ''
    : declared === undefined || declared === ''
      ? namespace
      : declared;
  return { apiVersion, group, version, kind, namespace: effective, name, raw, source };
}

/** Reads one text. Pure: bad input becomes `unreadable` entries. */
export function parseManifests(source: SourceText, context: ParseContext): ParsedText {
  return new ManifestParser(source, context).parse();
}
