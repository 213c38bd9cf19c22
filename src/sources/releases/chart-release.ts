// How a chart in the files is deployed, where an object in the files says so: under which name, and with which values.

import {
  asObject,
  asString,
  isJsonObject,
  type Json,
  type JsonObject,
  type KubeObject,
  type Path,
  type Skipped,
  type SourceText,
} from '../../model/index.ts';
import type { Veil } from './veiled-values.ts';

/** Objects, and the texts that they stand in. */
export interface Written {
  readonly objects: readonly KubeObject[];
  readonly texts: readonly SourceText[];
}

/** Values that stand in the object itself. */
export interface InlineValues {
  /** From the object on. */
  readonly path: Path;
  /** True where a text holds them, as YAML. */
  readonly isText: boolean;
}

/** What the object says of the values, besides those that stand in it. */
export interface GivenValues {
  /** Files that are merged one after the other, as shown. */
  readonly files: readonly string[];
  /** True where the files take the place of the chart's own `values.yaml`. */
  readonly replaceDefaults: boolean;
  /** From ConfigMaps and Secrets, merged; over the files. */
  readonly from: JsonObject;
  /** In the object itself, over all others. */
  readonly own: JsonObject;
  /** `key=value` as `helm --set` and `helm --set-string` take them; over all values. */
  readonly set: readonly SetValue[];
  /** Longer texts from Secrets: never to be shown. */
  readonly secrets: readonly string[];
  /** Short ones, which are found by rendering `from` with veils in their place. */
  readonly veils: readonly Veil[];
  /** `from` with veils. */
  readonly veiled: JsonObject;
  /** What could not be read. */
  readonly missing: readonly string[];
}

export interface SetValue {
  readonly pair: string;
  readonly isString: boolean;
}

export interface ChartRelease {
  readonly by: 'Flux' | 'Argo CD';
  /** The HelmRelease or the Application. */
  readonly object: KubeObject;
  /** The text that it stands in; rendered where a kustomization makes it. */
  readonly source: SourceText;
  /** True where the settings name its file. */
  readonly isDeclared: boolean;
  readonly name: string;
  readonly namespace: string;
  readonly values: GivenValues;
  /** Where values can be put into the object. */
  readonly inline: InlineValues | undefined;
  /** What is to be told of it. */
  readonly notes: readonly Skipped[];
}

export function isHelmRelease({ group, kind }: KubeObject): boolean {
  return group === 'helm.toolkit.fluxcd.io' && kind === 'HelmRelease';
}

export function isApplication({ group, kind }: KubeObject): boolean {
  return group === 'argoproj.io' && kind === 'Application';
}

export function isApplicationSet({ group, kind }: KubeObject): boolean {
  return group === 'argoproj.io' && kind === 'ApplicationSet';
}

/** True for an object that may say how a chart is deployed. */
export function mayDeploy(object: KubeObject): boolean {
  return isHelmRelease(object) || isApplication(object) || isApplicationSet(object);
}

/** Maps are merged, everything else is replaced, as Helm does. */
export function mergeValues(under: JsonObject, over: JsonObject): JsonObject {
  const merged: Record<string, Json> = { ...asObject(under) } as Record<string, Json>;
  for (const [key, value = null] of Object.entries(over)) {
    const there = merged[key];
    merged[key] = isJsonObject(there) && isJsonObject(value) ? mergeValues(there, value) : value;
  }
  return merged;
}

/** Names of a path: `./charts/web/` is `charts`, `web`. */
export function stepsOfPath(path: string): string[] {
  return path.split('/').filter((step) => step !== '' && step !== '.');
}

/** The folder that a clone of a repository is called by: `shop` for `https://example.com/team/shop.git`. */
export function cloneName(url: string | undefined): string | undefined {
  return url
    ?.replace(/\/+$/, '')
    .replace(/\.git$/, '')
    .split(/[/:]/)
    .at(-1);
}

/** True where the path of a repository leads to the chart at the absolute path `chart`. That is the repository itself where it is called so. */
export function leadsTo(
  { path, repository }: { path: string; repository?: string | undefined },
  chart: string,
): boolean {
  const steps = stepsOfPath(path);
  if (steps.length === 0) return repository !== undefined && chart.endsWith(`/${repository}`);
  return !steps.includes('..') && `/${chart}`.endsWith(`/${steps.join('/')}`);
}

/** The specification of the source that an object of Flux refers to. Source: source.toolkit.fluxcd.io v1. */
export function fluxSource(
  { kind, name, namespace }: JsonObject,
  from: KubeObject,
  objects: readonly KubeObject[],
): JsonObject | undefined {
  const where = asString(namespace) ?? from.namespace;
  const isMeant = (each: KubeObject): boolean =>
    each.group === 'source.toolkit.fluxcd.io' && each.kind === kind && each.name === name && each.namespace === where;
  const found = objects.find(isMeant);
  return found === undefined ? undefined : asObject(found.raw['spec']);
}
