// Edits of an object that a chart renders: in the values where the chart asks them, else in the template where it is plain text.

import { parseValuesKey } from '../../kube/templates/index.ts';
import {
  type Edit,
  isSameJson,
  type Json,
  type KubeObject,
  type Path,
  type Snapshot,
  valueAt,
} from '../../model/index.ts';
import { editTemplate, removeFromTemplate, type TemplateEdit } from './edit-template.ts';
import type { FileDrafts } from './file-drafts.ts';
import { editValuesText, readValues, type ValuesText } from './values-text.ts';
import { markEdit, releaseExpression, releaseMark, releaseNamesIn } from './release-names.ts';

export interface HelmUnit {
  readonly snapshot: Snapshot;
  /** Values, later ones over earlier ones; the chart's own first. */
  readonly values: readonly ValuesText[];
  /** What was changed before this try: the objects of the snapshot render from it. */
  readonly start: FileDrafts;
  /** Key of the chart's values that decides a field of an object, as `helm --set` spells it. */
  readonly valuesKey: (object: KubeObject, path: Path) => string | undefined;
  /** True for a template that others publish: what is edited there is lost when it is fetched again. */
  readonly isVendored: (file: string) => boolean;
  readonly release: string;
  /** Names that change with it. */
  readonly releaseNames: ReadonlySet<string>;
}

/** How far the values lead along the path. */
function depthIn(values: Json | undefined, path: Path): number {
  let current = values;
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

/** A list is taken whole by who says one: an item alone would take the place of all. */
function mayHold(depth: number, path: Path): boolean {
  return path.slice(depth).every((step) => typeof step === 'string');
}

/**
 * The release that deploys the chart where it has values of its own, as the chart's defaults are for others as well. Else the file that says most of the key;
 * of two that say as much, the one that wins.
 */
function fileFor({ values }: HelmUnit, drafts: FileDrafts, path: Path): ValuesText | undefined {
  const open = values.filter(({ isFixed }) => isFixed !== true);
  const depths = open.map((each) => depthIn(readValues(each, drafts), path));
  const own = open.findIndex(({ inside }, index) => inside !== undefined && mayHold(depths[index] ?? 0, path));
  if (own !== -1) return open[own];
  const most = Math.max(0, ...depths);
  return open[depths.lastIndexOf(most)];
}

/** What the values say there, later ones over earlier ones. */
function valueIn({ values, start }: HelmUnit, path: Path): Json | undefined {
  return values.map((each) => valueAt(readValues(each, start), path)).findLast((value) => value !== undefined);
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
  if (releaseNamesIn([edit], unit.releaseNames).length > 0) return 'a value would name this one release';
  const key = unit.valuesKey(object, edit.path);
  const path = parseValuesKey(key ?? '');
  if (key === undefined || !isTheField(unit, path, valueAt(object.raw, edit.path)))
    return 'its chart has no value for it';
  const found = fileFor(unit, drafts, path);
  if (found === undefined) return 'its chart has no values file';
  return editValuesText(found, { ...edit, path }, drafts);
}

/** Puts an edit into the template that prints the object; the reason where it cannot be. */
function changeTemplate(
  unit: HelmUnit,
  object: KubeObject,
  drafts: FileDrafts,
  change: (template: string) => TemplateEdit,
): string | undefined {
  const source = unit.snapshot.texts[object.source.text];
  if (source?.template === undefined) return 'its template is not known';
  if (unit.isVendored(source.file)) return 'its template is part of a chart that is fetched';
  const result = change(drafts.textOf(source.file, source.template));
  if (!result.ok) return result.reason;
  drafts.change(source.file, source.template, result.text);
  return undefined;
}

/** Takes the object out of its template; the reason where that is more than a document of its own. What it renders to then must be looked at. */
export function removeRendered(unit: HelmUnit, object: KubeObject, drafts: FileDrafts): string | undefined {
  return changeTemplate(unit, object, drafts, (template) => removeFromTemplate(template, object));
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
  if (rest.length === 0) return undefined;
  const { release, releaseNames } = unit;
  const marked = rest.map((edit) => markEdit(edit, release, releaseNames));
  if (releaseNamesIn(marked, releaseNames).length > 0) return 'its template would name this one release';
  return changeTemplate(unit, object, drafts, (template) => {
    const result = editTemplate(template, object, marked);
    return result.ok ? { ok: true, text: result.text.replaceAll(releaseMark, releaseExpression) } : result;
  });
}
