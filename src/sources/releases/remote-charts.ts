// Charts that whoever deploys them fetches from a registry: nothing is fetched here, so they are told, with the command that fetches them.

import {
  asArray,
  asObject,
  asString,
  type JsonObject,
  type KubeObject,
  shellCommand,
  type Skipped,
} from '../../model/index.ts';
import { makeApplications } from './application-sets/make-applications.ts';
import { fluxSource, isApplication, isApplicationSet, isHelmRelease } from './chart-release.ts';

interface RemoteChart {
  readonly chart: string;
  /** `https://…` or `oci://…`; absent where the object that names it is not in the input. */
  readonly url?: string | undefined;
  readonly version?: string | undefined;
}

const isOci = (url: string): boolean => url.startsWith('oci://');

/** A name in a registry of images is part of its address. Nothing where the address is not in the input. */
function pullCommand({ chart, url, version }: RemoteChart): string | undefined {
  if (url === undefined) return undefined;
  const from = isOci(url) ? [joined(url, chart)] : [chart, '--repo', url];
  return shellCommand(['helm', 'pull', ...from, ...(version === undefined ? [] : ['--version', version])]);
}

function joined(url: string, chart: string): string {
  return chart === '' ? url : `${url.replace(/\/$/, '')}/${chart}`;
}

function chartOfSpec(spec: JsonObject, from: KubeObject, objects: readonly KubeObject[]): RemoteChart[] {
  const source = asObject(spec['sourceRef']);
  if (source['kind'] !== 'HelmRepository') return [];
  const url = asString(fluxSource(source, from, objects)?.['url']);
  return [{ chart: asString(spec['chart']) ?? '', url, version: asString(spec['version']) }];
}

function chartsOfRelease(object: KubeObject, objects: readonly KubeObject[]): RemoteChart[] {
  const { chart, chartRef } = asObject(object.raw['spec']);
  const ref = asObject(chartRef);
  const source = fluxSource(ref, object, objects);
  if (ref['kind'] === 'HelmChart') return source === undefined ? [] : chartOfSpec(source, object, objects);
  if (ref['kind'] !== 'OCIRepository') return chartOfSpec(asObject(asObject(chart)['spec']), object, objects);
  const { tag, semver } = asObject(source?.['ref']);
  const url = asString(source?.['url']);
  return [{ chart: '', url, version: asString(semver) ?? asString(tag) }];
}

/** A source with a chart and without a path is one of a registry. Source: argoproj.io v1alpha1, ApplicationSource. */
function chartsOfApplication({ raw }: KubeObject): RemoteChart[] {
  const { source, sources } = asObject(raw['spec']);
  return [...asArray(sources), source ?? null].flatMap((each): RemoteChart[] => {
    const { chart, repoURL, targetRevision } = asObject(each);
    const name = asString(chart);
    if (name === undefined) return [];
    const address = asString(repoURL) ?? '';
    const url = address.includes('://') ? address : `oci://${address}`;
    return [{ chart: name, url, version: asString(targetRevision) }];
  });
}

function chartsOf(object: KubeObject, objects: readonly KubeObject[]): RemoteChart[] {
  if (isHelmRelease(object)) return chartsOfRelease(object, objects);
  return isApplication(object) ? chartsOfApplication(object) : [];
}

/** One note for each; `objects` are those of the input. */
export function tellRemoteCharts(objects: readonly KubeObject[]): Skipped[] {
  return objects.flatMap((object) =>
    chartsOf(object, objects).map((chart) => ({
      file: object.source.file,
      what: `${object.kind} "${object.name}" deploys a chart from a registry, which is not read; to read it: ${pullCommand(chart) ?? 'fetch it with helm pull'}, and give the archive, with --values`,
    })),
  );
}

/** ApplicationSets whose Applications are made of what is in other repositories or on a cluster, or by functions that are not known. */
export async function tellUnmade(objects: readonly KubeObject[], maxFileBytes: number): Promise<Skipped[]> {
  const told = objects.filter(isApplicationSet).map(async (object): Promise<Skipped[]> => {
    const { unknown } = await makeApplications(object, '/', { objects, maxFileBytes });
    if (unknown.length === 0) return [];
    const what = `ApplicationSet "${object.name}" makes Applications of what files do not tell (${unknown.join(', ')}): what only those deploy is read without their values`;
    return [{ file: object.source.file, what }];
  });
  return (await Promise.all(told)).flat();
}
