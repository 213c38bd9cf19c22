// What a Kustomization of Flux puts in after the build. Source: kustomize.toolkit.fluxcd.io v1, `spec.postBuild`.

import { asArray, asObject, asString, type JsonObject, type KubeObject, type Variables } from '../../model/index.ts';
import { stepsOfPath } from './chart-release.ts';

export interface PostBuild {
  readonly object: KubeObject;
  /** Names of the folder's path, from the root of the repository. */
  readonly steps: readonly string[];
  readonly variables: Variables;
  /** What may set others. */
  readonly missing: readonly string[];
}

export function isFluxKustomization({ group, kind }: KubeObject): boolean {
  return group === 'kustomize.toolkit.fluxcd.io' && kind === 'Kustomization';
}

/** Values are put in on one line. */
function textsOf(data: JsonObject): [string, string][] {
  return Object.entries(data).flatMap(([key, value]): [string, string][] => {
    const text = asString(value);
    return text === undefined ? [] : [[key, text.replaceAll('\n', '')]];
  });
}

interface Source {
  readonly kind: string;
  readonly name: string;
  readonly isOptional: boolean;
}

/** Secrets are never put in: their values would be shown. */
function readSource({ kind, name }: Source, objects: readonly KubeObject[], namespace: string) {
  if (kind !== 'ConfigMap') return undefined;
  const found = objects.find(
    (each) => each.group === '' && each.kind === kind && each.name === name && each.namespace === namespace,
  );
  return found === undefined || found.raw['sops'] !== undefined ? undefined : textsOf(asObject(found.raw['data']));
}

/** Nothing where it puts nothing in. */
export function readPostBuild(object: KubeObject, objects: readonly KubeObject[]): PostBuild | undefined {
  const spec = asObject(object.raw['spec']);
  const { substitute, substituteFrom } = asObject(spec['postBuild']);
  const own = textsOf(asObject(substitute));
  const sources = asArray(substituteFrom).map((each): Source => {
    const { kind, name, optional } = asObject(each);
    return { kind: asString(kind) ?? '', name: asString(name) ?? '', isOptional: optional === true };
  });
  if (own.length + sources.length === 0) return undefined;
  const read = sources.map((source) => ({ source, texts: readSource(source, objects, object.namespace) }));
  // A Secret that need not be there may well be there.
  const missing = read.flatMap(({ source: { kind, name, isOptional }, texts }) =>
    texts === undefined && (!isOptional || kind === 'Secret') ? [`${kind} "${name}"`] : [],
  );
  const values = Object.fromEntries([...read.flatMap(({ texts }) => texts ?? []), ...own]);
  const steps = stepsOfPath(asString(spec['path']) ?? '');
  return { object, steps, variables: { values, isWhole: missing.length === 0 }, missing };
}
