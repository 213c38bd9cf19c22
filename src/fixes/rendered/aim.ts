// What a patch behind a chart is aimed at: something of its object that is the same under every name of the release.

import { asObject, asString, type JsonObject, type KubeObject } from '../../model/index.ts';
import { identityOf } from './same-rendering.ts';

/** An object, and the same one of a release with another name. */
export interface Twin {
  readonly object: KubeObject;
  readonly other: KubeObject;
}

export interface Aim {
  /** An entry of `target`. */
  readonly target: JsonObject;
  /** The object's name without its release. */
  readonly name: string;
}

/** Labels that change with every version of a chart. */
const passing = /^(?:helm\.sh\/chart|chart|heritage|app\.kubernetes\.io\/(?:version|managed-by))$/;

function stem(name: string, release: string): string {
  return name.startsWith(release) ? name.slice(release.length) : '';
}

function stableLabels({ object, other }: Twin): string[] {
  const [own, others] = [object, other].map(({ raw }) => asObject(asObject(raw['metadata'])['labels']));
  return Object.entries(own ?? {}).flatMap(([key, value]) =>
    typeof value === 'string' && others?.[key] === value && !passing.test(key) ? [`${key}=${value}`] : [],
  );
}

function hasLabels({ raw }: KubeObject, selector: readonly string[]): boolean {
  const labels = asObject(asObject(raw['metadata'])['labels']);
  return selector.every(
    (each) => asString(labels[each.slice(0, each.indexOf('='))]) === each.slice(each.indexOf('=') + 1),
  );
}

/** True where that holds for this object alone, under both names of the release. */
function isAlone(twin: Twin, twins: readonly Twin[], holds: (object: KubeObject) => boolean): boolean {
  const others = twins.filter((each) => each !== twin && each.object.kind === twin.object.kind);
  return holds(twin.object) && holds(twin.other) && !others.some((each) => holds(each.object) || holds(each.other));
}

/**
 * Nothing for an object whose name is the same under every release: its name will do. `'unknown'` where nothing but the release's name tells it from others of
 * its kind.
 */
export function aimAt(object: KubeObject, release: string, twins: readonly Twin[]): Aim | 'unknown' | undefined {
  const twin = twins.find((each) => identityOf(each.object) === identityOf(object));
  if (twin === undefined || twin.other.name === object.name) return undefined;
  const { kind } = object;
  const end = stem(object.name, release);
  const name = end.replace(/^[-_.]/, '') === '' ? object.name : end.replace(/^[-_.]/, '');
  const pattern = /^[-\w.]*$/.test(end) ? new RegExp(`^.*${end.replaceAll('.', '\\.')}$`) : undefined;
  if (pattern !== undefined && isAlone(twin, twins, (each) => pattern.test(each.name)))
    return { target: { kind, name: `.*${end}` }, name };
  const labels = stableLabels(twin);
  if (labels.length > 0 && isAlone(twin, twins, (each) => hasLabels(each, labels)))
    return { target: { kind, labelSelector: labels.join(',') }, name };
  return 'unknown';
}

/** Names that change with the release: a patch that holds one would hold for this release only. */
export function namesOfRelease(twins: readonly Twin[]): ReadonlySet<string> {
  return new Set(twins.filter(({ object, other }) => object.name !== other.name).map(({ object }) => object.name));
}
