// Names that change with the release of a chart: what is written into the chart must not hold for one release alone.

import { type Edit, isJsonObject, type Json } from '../../model/index.ts';

/** Stands for the release's name until a text is done. */
export const releaseMark = 'release-name-of-the-chart';
export const releaseExpression = '{{ .Release.Name }}';

/** Whether a text, in the field of that key, is a name of the release. */
export type IsNamed = (text: string, key: string) => boolean;

/** The mark in the place of the release's name, in every text that begins with it and is a name of the release. */
export function markRelease(value: Json, release: string, isNamed: IsNamed, key = ''): Json {
  if (typeof value === 'string')
    return isNamed(value, key) && value.startsWith(release) ? releaseMark + value.slice(release.length) : value;
  if (Array.isArray(value)) return (value as readonly Json[]).map((each) => markRelease(each, release, isNamed, key));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([field, each]) => [field, markRelease(each ?? null, release, isNamed, field)]),
  );
}

function textsIn(value: Json): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null
    ? Object.values(value).flatMap((each) => textsIn(each ?? null))
    : [];
}

/** Names of the release that the edits write. */
export function releaseNamesIn(edits: readonly Edit[], names: ReadonlySet<string>): string[] {
  const said = edits.flatMap((edit) =>
    edit.op === 'set' ? textsIn(edit.value) : edit.op === 'add' ? textsIn([...edit.values]) : [],
  );
  return said.filter((text) => names.has(text));
}

/** The edit as it is written into a template. */
export function markEdit(edit: Edit, release: string, names: ReadonlySet<string>): Edit {
  const mark = (value: Json): Json => markRelease(value, release, (text) => names.has(text));
  if (edit.op === 'set') return { ...edit, value: mark(edit.value) };
  return edit.op === 'add' ? { ...edit, values: edit.values.map(mark) } : edit;
}
