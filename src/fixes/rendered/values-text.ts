// Values of a chart as texts that can be edited: a file of their own, or a part of the HelmRelease or the Application that deploys the chart.

import { parseYaml, splitDocuments } from '../../kube/yaml/index.ts';
import { asObject, asString, type Edit, type Json, type Path, valueAt } from '../../model/index.ts';
import { editText } from '../text/edit-text.ts';
import type { FileDrafts } from './file-drafts.ts';

export interface ValuesText {
  readonly file: string;
  readonly text: string;
  readonly inside?: {
    readonly kind: string;
    readonly name: string;
    readonly path: Path;
    /** True where a text in the object holds them. */
    readonly isText: boolean;
  };
  /** True where nothing may be edited. */
  readonly isFixed?: boolean;
}

const whole = (text: string) => ({ start: 0, end: text.length, document: 0, within: [] });

function firstValue(text: string): Json | undefined {
  const parsed = parseYaml(text);
  return parsed.ok ? parsed.parsed.values[0] : undefined;
}

/** The document of the object in a text. */
function findObject(text: string, { kind, name }: NonNullable<ValuesText['inside']>) {
  for (const range of splitDocuments(text)) {
    const parsed = parseYaml(text, range);
    const value = asObject(parsed.ok ? parsed.parsed.values[0] : undefined);
    if (value['kind'] === kind && asObject(value['metadata'])['name'] === name) return { range, value };
  }
  return undefined;
}

/** What the values say by now. */
export function readValues({ file, text, inside, isFixed }: ValuesText, drafts: FileDrafts): Json | undefined {
  if (isFixed === true) return firstValue(text);
  const now = drafts.textOf(file, text);
  if (inside === undefined) return firstValue(now);
  const held = valueAt(findObject(now, inside)?.value, inside.path);
  return inside.isText ? firstValue(asString(held) ?? '') : held;
}

/** Puts an edit of the values into their text; the reason where it cannot be. */
export function editValuesText(values: ValuesText, edit: Edit, drafts: FileDrafts): string | undefined {
  const { file, text: original, inside } = values;
  const text = drafts.textOf(file, original);
  if (inside === undefined) {
    const result = editText(text, whole(text), [edit]);
    if (!result.ok) return result.reason;
    drafts.change(file, original, result.text);
    return undefined;
  }
  const found = findObject(text, inside);
  if (found === undefined) return `its ${inside.kind} cannot be found again`;
  const inner = inside.isText ? editHeld(asString(valueAt(found.value, inside.path)) ?? '', inside.path, edit) : edit;
  if (typeof inner === 'string') return inner;
  const path = inside.isText ? inner.path : [...inside.path, ...inner.path];
  const result = editText(text, { ...found.range, document: 0, within: [] }, [{ ...inner, path }]);
  if (!result.ok) return result.reason;
  drafts.change(file, original, result.text);
  return undefined;
}

/** The edit of a text that holds values, as one of the object around it; the reason where it cannot be. */
function editHeld(held: string, path: Path, edit: Edit): Edit | string {
  const result = editText(held, whole(held), [edit]);
  return result.ok ? { op: 'set', path, value: result.text } : result.reason;
}
