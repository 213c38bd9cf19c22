// What a HelmRelease of Flux says of the chart that it deploys. Source: helm.toolkit.fluxcd.io v2 (HelmRelease), source.toolkit.fluxcd.io v1 (HelmChart).

import { createHash } from 'node:crypto';
import { asArray, asObject, asString, type JsonObject, type KubeObject } from '../../model/index.ts';
import { cloneName, fluxSource, type GivenValues, type InlineValues } from './chart-release.ts';
import { readValuesFrom } from './values-from.ts';

/** What a release says, before its files are looked at. */
export interface SaidRelease {
  readonly by: 'Flux' | 'Argo CD';
  /** Of the chart, from the root of its repository. */
  readonly path: string;
  /** What a clone of the repository is called; absent where its address is not in the input. */
  readonly repository?: string | undefined;
  readonly name: string;
  readonly namespace: string;
  /** From the root of the repository. */
  readonly files: readonly string[];
  readonly ignoresMissing: boolean;
  readonly values: Omit<GivenValues, 'files'>;
  readonly inline: InlineValues | undefined;
}

/** The specification of the chart: in the release, or in the HelmChart that it refers to. */
function chartSpecOf({ raw, namespace }: KubeObject, objects: readonly KubeObject[]): JsonObject {
  const { chart, chartRef } = asObject(raw['spec']);
  const own = asObject(asObject(chart)['spec']);
  const { kind, name, namespace: where = namespace } = asObject(chartRef);
  if (kind !== 'HelmChart') return own;
  const isMeant = (each: KubeObject): boolean =>
    each.group === 'source.toolkit.fluxcd.io' &&
    each.kind === 'HelmChart' &&
    each.name === name &&
    each.namespace === where;
  return asObject(objects.find(isMeant)?.raw['spec']);
}

/** Names that are too long for Helm are cut, with a part of their hash at the end. */
function releaseName({ raw, name }: KubeObject): string {
  const { releaseName: given, targetNamespace } = asObject(raw['spec']);
  const target = asString(targetNamespace);
  const full = asString(given) ?? (target === undefined ? name : `${target}-${name}`);
  if (full.length <= 53) return full;
  return `${full.slice(0, 40)}-${createHash('sha256').update(full).digest('hex').slice(0, 12)}`;
}

/** Nothing where its chart is in no repository of files. */
export function readHelmRelease(object: KubeObject, objects: readonly KubeObject[]): SaidRelease | undefined {
  const { chart, sourceRef, valuesFiles, valuesFile, ignoreMissingValuesFiles } = chartSpecOf(object, objects);
  const path = asString(chart);
  if (path === undefined || asObject(sourceRef)['kind'] === 'HelmRepository') return undefined;
  const spec = asObject(object.raw['spec']);
  const from = readValuesFrom(spec['valuesFrom'], objects, object.namespace);
  const files = [...asArray(valuesFiles), ...(valuesFile === undefined ? [] : [valuesFile])].flatMap(
    (each) => asString(each) ?? [],
  );
  return {
    by: 'Flux',
    path,
    repository: cloneName(asString(fluxSource(asObject(sourceRef), object, objects)?.['url'])),
    name: releaseName(object),
    namespace: asString(spec['targetNamespace']) ?? object.namespace,
    files,
    ignoresMissing: ignoreMissingValuesFiles === true,
    values: {
      replaceDefaults: files.length > 0,
      from: from.values,
      own: asObject(spec['values']),
      set: [],
      secrets: from.secrets,
      veils: from.veils,
      veiled: from.veiled,
      missing: from.missing,
    },
    inline: { path: ['spec', 'values'], isText: false },
  };
}
