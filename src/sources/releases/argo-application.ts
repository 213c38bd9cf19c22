// What an Application of Argo CD says of the chart that it deploys. Source: argoproj.io v1alpha1, `spec.source.helm`.

import { posix } from 'node:path';
import { parseYaml } from '../../kube/yaml/index.ts';
import {
  asArray,
  asObject,
  asString,
  isJsonObject,
  type JsonObject,
  type KubeObject,
  type Path,
} from '../../model/index.ts';
import { cloneName, type InlineValues, type SetValue } from './chart-release.ts';
import type { SaidRelease } from './flux-release.ts';

interface ApplicationSource {
  readonly said: JsonObject;
  readonly within: Path;
}

function sourcesOf({ raw }: KubeObject): ApplicationSource[] {
  const { source, sources } = asObject(raw['spec']);
  const several = asArray(sources).map((each, index) => ({ said: asObject(each), within: ['spec', 'sources', index] }));
  return several.length > 0 || source === undefined
    ? several
    : [{ said: asObject(source), within: ['spec', 'source'] }];
}

/** Paths from the root of the repository: they are told from the chart on, from the root, or from a source by its name. */
function valuesFile(file: string, path: string, refs: ReadonlySet<string>): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(file)) return undefined;
  const [, ref, rest] = /^\$([^/]+)\/(.*)$/.exec(file) ?? [];
  if (ref !== undefined) return refs.has(ref) ? rest : undefined;
  return file.startsWith('/') ? file.slice(1) : posix.join(path, file);
}

/** Commas part the pairs of `--set`, but for a list in braces. */
function pairOf(parameter: JsonObject): SetValue {
  const value = asString(parameter['value']) ?? '';
  const isList = value.startsWith('{') && value.endsWith('}');
  const escaped = isList ? value : value.replaceAll(/(?<!\\),/g, '\\,');
  return { pair: `${asString(parameter['name']) ?? ''}=${escaped}`, isString: parameter['forceString'] === true };
}

interface OwnValues {
  readonly own: JsonObject;
  readonly inline: InlineValues | undefined;
}

function ownValues({ valuesObject, values }: JsonObject, helm: Path): OwnValues {
  if (isJsonObject(valuesObject))
    return { own: valuesObject, inline: { path: [...helm, 'valuesObject'], isText: false } };
  const text = asString(values) ?? '';
  if (text.trim() === '') return { own: {}, inline: undefined };
  const parsed = parseYaml(text);
  const own = asObject(parsed.ok ? parsed.parsed.values[0] : undefined);
  return { own, inline: { path: [...helm, 'values'], isText: true } };
}

/** One for each of its sources that has a path; sources by other repositories' charts have none. */
export function readApplication(object: KubeObject): SaidRelease[] {
  const all = sourcesOf(object);
  return all.flatMap(({ said, within }): SaidRelease[] => {
    const path = asString(said['path']);
    if (path === undefined) return [];
    const helm = asObject(said['helm']);
    const sameRepository = all.filter((each) => each.said['repoURL'] === said['repoURL']);
    const refs = new Set(sameRepository.flatMap((each) => asString(each.said['ref']) ?? []));
    const named = asArray(helm['valueFiles']).flatMap((each) => asString(each) ?? []);
    const files = named.map((file) => ({ file, path: valuesFile(file, path, refs) }));
    const { own, inline } = ownValues(helm, [...within, 'helm']);
    const destination = asObject(asObject(object.raw['spec'])['destination']);
    return [
      {
        by: 'Argo CD',
        path,
        repository: cloneName(asString(said['repoURL'])),
        name: asString(helm['releaseName']) ?? object.name,
        namespace: asString(helm['namespace']) ?? asString(destination['namespace']) ?? object.namespace,
        files: files.flatMap((each) => each.path ?? []),
        ignoresMissing: helm['ignoreMissingValueFiles'] === true,
        values: {
          replaceDefaults: false,
          from: {},
          own,
          set: asArray(helm['parameters']).map((each) => pairOf(asObject(each))),
          secrets: [],
          veils: [],
          veiled: {},
          missing: files.flatMap((each) => (each.path === undefined ? [`values file ${each.file}`] : [])),
        },
        inline,
      },
    ];
  });
}
