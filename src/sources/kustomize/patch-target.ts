// Which objects a patch is for, by its `target`. Source: kustomize api/types/selector.go and api/resmap/selector.

import { parseSelectorText } from '../../kube/selector-text.ts';
import { asObject, asString, type Json, type KubeObject } from '../../model/index.ts';

/** What is left out fits all. All but the two selectors are regular expressions over the whole of a text, as kustomize takes them. */
export interface PatchTarget {
  readonly group: string | undefined;
  readonly version: string | undefined;
  readonly kind: string | undefined;
  readonly name: string | undefined;
  readonly namespace: string | undefined;
  readonly labelSelector: string | undefined;
  readonly annotationSelector: string | undefined;
}

export function parsePatchTarget(value: Json | undefined): PatchTarget {
  const target = asObject(value);
  const text = (field: keyof PatchTarget): string | undefined => asString(target[field]);
  return {
    group: text('group'),
    version: text('version'),
    kind: text('kind'),
    name: text('name'),
    namespace: text('namespace'),
    labelSelector: text('labelSelector'),
    annotationSelector: text('annotationSelector'),
  };
}

/** True where nothing is said: a strategic merge patch then names its object itself. */
export function isNoTarget(target: PatchTarget): boolean {
  return Object.values(target).every((each) => each === undefined);
}

/** The user's own expression, in the common part of RE2 and JavaScript; what JavaScript cannot read matches nothing. */
function matchesWhole(expression: string | undefined, text: string): boolean {
  if (expression === undefined || expression === text) return true;
  if (!/^[\w.*+?|()-]*$/.test(expression) || /[*+)][*+]/.test(expression)) return false;
  try {
    return new RegExp(`^(?:${expression})$`).test(text);
  } catch {
    return false;
  }
}

function isSelected(selector: string | undefined, map: Json | undefined): boolean {
  return selector === undefined || parseSelectorText(selector).matches(asObject(map));
}

/** True where the patch is for the object: as it is now, or under the name that its resource has. */
export function isTargetOf(target: PatchTarget, object: KubeObject, originalName: string): boolean {
  if (isNoTarget(target)) return false;
  const { labels, annotations } = asObject(object.raw['metadata']);
  return (
    matchesWhole(target.group, object.group) &&
    matchesWhole(target.version, object.version) &&
    matchesWhole(target.kind, object.kind) &&
    matchesWhole(target.namespace, object.namespace) &&
    [originalName, object.name].some((name) => matchesWhole(target.name, name)) &&
    isSelected(target.labelSelector, labels) &&
    isSelected(target.annotationSelector, annotations)
  );
}
