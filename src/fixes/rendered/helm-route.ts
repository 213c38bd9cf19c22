// Edits of an object that a chart renders: in the values where the chart asks them, else in the template where it is plain text.

import { parseYaml } from '../../kube/yaml/index.ts';
import {
  type Edit,
  isSameJson,
  type Json,
  type KubeObject,
  type Path,
  type Snapshot,
  valueAt,
} from '../../model/index.ts';
import { editText } from '../text/edit-text.ts';
import { editTemplate } from './edit-template.ts';
import type { FileDrafts } from './file-drafts.ts';

export interface HelmUnit {
  readonly snapshot: Snapshot;
  /** Values files, later ones over earlier ones; the chart's own first. */
  readonly values: readonly { readonly file: string; readonly text: string }[];
  /** What was changed before this try: the objects of the snapshot render from it. */
  readonly start: FileDrafts;
  /** Key of the chart's values that decides a field of an object, as `helm --set` spells it. */
  readonly valuesKey: (object: KubeObject, path: Path) => string | undefined;
  /** True for a template that others publish: what is edited there is lost when it is fetched again. */
  readonly isVendored: (file: string) => boolean;
}

/** `web.hosts[0].name` as a path; a dot behind a backslash is part of a name. */
export function parseValuesKey(key: string): Path {
  const steps = [...key.matchAll(/\[(\d+)\]|((?:\\.|[^.[\]\\])+)/g)];
  return steps.map(([, index, name]) => (index === undefined ? (name ?? '').replaceAll('\\', '') : Number(index)));
}

function depthIn(text: string, path: Path): number {
  const parsed = parseYaml(text);
  let current: Json | undefined = parsed.ok ? parsed.parsed.values[0] : undefined;
  let depth = 0;
  for (const step of path) {
    if (typeof current !== 'object' || current === null) return depth;
    const next: Json | undefined = (current as Readonly<Record<string | number, Json | undefined>>)[step];
    if (next === undefined) return depth;
    current = next;
    depth += 1;
  }
  return depth;
}

/** The file that says most of the key; of two that say as much, the one that wins. */
function fileFor({ values }: HelmUnit, drafts: FileDrafts, path: Path) {
  const depths = values.map(({ file, text }) => depthIn(drafts.textOf(file, text), path));
  const most = Math.max(0, ...depths);
  return values[depths.lastIndexOf(most)];
}

/** What the values say there, later files over earlier ones. */
function valueIn({ values, start }: HelmUnit, path: Path): Json | undefined {
  const found = values.map(({ file, text }) => {
    const parsed = parseYaml(start.textOf(file, text));
    return parsed.ok ? valueAt(parsed.parsed.values[0], path) : undefined;
  });
  return found.findLast((value) => value !== undefined);
}

function isNothing(value: Json | undefined): boolean {
  return value === undefined || value === null || value === '' || Object.keys(value).length === 0;
}

/** A value is the field only where both say the same by now; others are part of a text that is put together. */
function isTheField(unit: HelmUnit, path: Path, rendered: Json | undefined): boolean {
  const value = valueIn(unit, path);
  return isSameJson(value, rendered) || (isNothing(value) && isNothing(rendered));
}

function editValues(unit: HelmUnit, object: KubeObject, edit: Edit, drafts: FileDrafts): string | undefined {
  const key = unit.valuesKey(object, edit.path);
  const path = parseValuesKey(key ?? '');
  if (key === undefined || !isTheField(unit, path, valueAt(object.raw, edit.path)))
    return 'its chart has no value for it';
  const found = fileFor(unit, drafts, path);
  if (found === undefined) return 'its chart has no values file';
  const text = drafts.textOf(found.file, found.text);
  const result = editText(text, { start: 0, end: text.length, document: 0, within: [] }, [{ ...edit, path }]);
  if (!result.ok) return result.reason;
  drafts.change(found.file, found.text, result.text);
  return undefined;
}

function editInTemplate(
  unit: HelmUnit,
  object: KubeObject,
  edits: readonly Edit[],
  drafts: FileDrafts,
): string | undefined {
  const source = unit.snapshot.texts[object.source.text];
  if (source?.template === undefined) return 'its template is not known';
  if (unit.isVendored(source.file)) return 'its template is part of a chart that is fetched';
  const result = editTemplate(drafts.textOf(source.file, source.template), object, edits);
  if (!result.ok) return result.reason;
  drafts.change(source.file, source.template, result.text);
  return undefined;
}

/** Where edits of one object may go. */
type HelmRoute = 'values' | 'template';

/**
 * Puts the edits of one object where the route leads; the reason where it cannot. `values` takes those that the chart has a value for, and the template
 * the others. What it renders to then must be looked at.
 */
export function editRendered(
  unit: HelmUnit,
  object: KubeObject,
  { edits, route }: { readonly edits: readonly Edit[]; readonly route: HelmRoute },
  drafts: FileDrafts,
): string | undefined {
  const rest: Edit[] = [];
  for (const edit of edits)
    if (route === 'template' || editValues(unit, object, edit, drafts) !== undefined) rest.push(edit);
  return rest.length === 0 ? undefined : editInTemplate(unit, object, rest, drafts);
}
