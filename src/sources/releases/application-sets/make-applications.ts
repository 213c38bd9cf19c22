// The Applications that an ApplicationSet of Argo CD makes, as far as files tell. Source: argoproj.io v1alpha1, ApplicationSet.

import { parseYaml } from '../../../kube/yaml/index.ts';
import {
  asArray,
  asObject,
  asString,
  isJsonObject,
  type Json,
  type JsonObject,
  type KubeObject,
} from '../../../model/index.ts';
import { mergeValues } from '../chart-release.ts';
import { fill, type Filling, isFilled, type Parameters } from './fill.ts';
import { type Around, Generating } from './generating.ts';

export interface MadeApplications {
  readonly applications: readonly KubeObject[];
  /** Generators, and what of templates, that files do not settle. */
  readonly unknown: readonly string[];
}

/** Where the cluster is does not matter to a chart. */
function isSettled(raw: JsonObject): boolean {
  const { source, sources, destination } = asObject(raw['spec']);
  const { namespace } = asObject(destination);
  return isFilled([raw['metadata'] ?? null, source ?? null, sources ?? null, namespace ?? null]);
}

/** What the patch of the template says over it; nothing where it is not known. */
function patched(raw: JsonObject, patch: Json | undefined, parameters: Parameters, filling: Filling) {
  const text = asString(patch) ?? '';
  if (text.trim() === '') return raw;
  const filled = asString(fill(text, parameters, filling)) ?? '';
  const parsed = isFilled(filled) ? parseYaml(filled) : undefined;
  const [value = {}] = parsed?.ok === true ? parsed.parsed.values : [null];
  return isJsonObject(value) ? mergeValues(raw, value) : undefined;
}

function toApplication(set: KubeObject, raw: JsonObject): KubeObject {
  const name = asString(asObject(raw['metadata'])['name']) ?? set.name;
  return { ...set, kind: 'Application', name, raw: { ...raw, apiVersion: set.apiVersion, kind: 'Application' } };
}

/** Those that may deploy the chart at the absolute path `chart`. */
export async function makeApplications(set: KubeObject, chart: string, around: Around): Promise<MadeApplications> {
  const { generators, template, goTemplate, goTemplateOptions, templatePatch } = asObject(set.raw['spec']);
  const reasons = new Set<string>();
  const filling = {
    usesGo: goTemplate === true,
    isStrict: asArray(goTemplateOptions).includes('missingkey=error'),
    tell: (reason: string) => void reasons.add(`${reason} in its template`),
  };
  const generating = new Generating({ ...around, file: set.source.file, chart, filling });
  const all = (await generating.all(generators)).map((parameters) =>
    patched(asObject(fill(asObject(template), parameters, filling)), templatePatch, parameters, filling),
  );
  const settled = all.flatMap((raw) => (raw !== undefined && isSettled(raw) ? [toApplication(set, raw)] : []));
  const isLacking = settled.length < all.length;
  const lacking = isLacking && reasons.size === 0 ? ['its template'] : isLacking ? [...reasons] : [];
  return { applications: settled, unknown: [...generating.unknown, ...lacking] };
}
