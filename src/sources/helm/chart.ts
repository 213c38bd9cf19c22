// What a chart says of itself.

import { parseYaml } from '../../kube/yaml/index.ts';
import { asArray, asObject, asString, isJsonObject } from '../../model/index.ts';

export interface ChartDependency {
  readonly name: string;
  readonly alias: string | undefined;
  readonly repository: string;
}

export interface Chart {
  /** Folder of the chart, or its archive, as shown. */
  readonly unit: string;
  readonly name: string;
  /** A library chart renders nothing by itself. */
  readonly isLibrary: boolean;
  readonly dependencies: readonly ChartDependency[];
}

/** Reads `Chart.yaml`, with `requirements.yaml` where the chart is of Helm 2's format; `undefined` where it names no chart. */
export function parseChart(unit: string, chartYaml: string, requirements = ''): Chart | undefined {
  const chart = firstDocument(chartYaml);
  const name = asString(chart['name']);
  if (name === undefined || name === '') return undefined;
  const listed = [...asArray(chart['dependencies']), ...asArray(firstDocument(requirements)['dependencies'])];
  const dependencies = listed.filter(isJsonObject).map((dependency) => ({
    name: asString(dependency['name']) ?? '',
    alias: asString(dependency['alias']),
    repository: asString(dependency['repository']) ?? '',
  }));
  return { unit, name, isLibrary: chart['type'] === 'library', dependencies };
}

function firstDocument(text: string) {
  const parsed = parseYaml(text);
  return asObject(parsed.ok ? parsed.parsed.values[0] : undefined);
}

/** A release name that Helm accepts: a DNS label of at most 53 characters. */
export function releaseNameOf(chart: string): string {
  const name = chart
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .slice(0, 53)
    .replaceAll(/^-+|-+$/g, '');
  return name === '' ? 'app' : name;
}
