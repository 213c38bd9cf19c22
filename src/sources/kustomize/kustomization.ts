// What a kustomization file refers to and how it renames: as much of it as reading needs. Source: sigs.k8s.io/kustomize api/types v5.

import { parseYaml } from '../../kube/yaml/index.ts';
import { asArray, asObject, asString, type Json, type JsonObject } from '../../model/index.ts';
import { parsePatchTarget, type PatchTarget } from './patch-target.ts';

export interface Generator {
  readonly kind: 'ConfigMap' | 'Secret';
  readonly name: string;
  /** Where it stands in the file: `['configMapGenerator', 0]`. */
  readonly path: readonly (string | number)[];
}

/** An entry of `patches` or `patchesJson6902`: in a file of its own, or in place. */
export interface PatchEntry {
  readonly file: string | undefined;
  readonly inline: string | undefined;
  readonly target: PatchTarget;
  readonly path: readonly (string | number)[];
}

export interface Kustomization {
  /** Folder, and the file in it, as shown. */
  readonly folder: string;
  readonly file: string;
  readonly text: string;
  readonly isComponent: boolean;
  /** Entries of `resources`, `bases` and `components`: files, folders or remote places. */
  readonly resources: readonly string[];
  readonly components: readonly string[];
  /** Files of patches, in the order in which kustomize applies them. */
  readonly patches: readonly string[];
  /** All other files: generators' sources, transformers, CRDs, values. */
  readonly otherFiles: readonly string[];
  readonly generators: readonly Generator[];
  readonly patchEntries: readonly PatchEntry[];
  /** Entries of `images` and `replicas`, as they stand. */
  readonly images: readonly JsonObject[];
  readonly replicas: readonly JsonObject[];
  readonly namePrefix: string;
  readonly nameSuffix: string;
  /** True where it asks kustomize to run helm. */
  readonly inflatesCharts: boolean;
}

function texts(value: Json | undefined): string[] {
  return asArray(value).flatMap((each) => (typeof each === 'string' ? [each] : []));
}

function fieldOfEach(value: Json | undefined, field: string): string[] {
  return asArray(value).flatMap((each) => asString(asObject(each)[field]) ?? []);
}

/** Sources of a generator: `files` may name the key first, `nginx.conf=conf/nginx.conf`. */
function generatorFiles(value: Json | undefined): string[] {
  return asArray(value).flatMap((each) => {
    const generator = asObject(each);
    const files = texts(generator['files']).map((file) => file.slice(file.indexOf('=') + 1));
    return [...files, ...texts(generator['envs']), asString(generator['env']) ?? []].flat();
  });
}

function generatorsOf(root: JsonObject, field: string, kind: Generator['kind']): Generator[] {
  return asArray(root[field]).flatMap((each, index) => {
    const name = asString(asObject(each)['name']);
    return name === undefined ? [] : [{ kind, name, path: [field, index] }];
  });
}

function patchEntriesOf(root: JsonObject, field: string): PatchEntry[] {
  return asArray(root[field]).map((each, index) => {
    const entry = asObject(each);
    return {
      file: asString(entry['path']),
      inline: asString(entry['patch']),
      target: parsePatchTarget(entry['target']),
      path: [field, index],
    };
  });
}

/** A patch list may hold YAML or JSON in place. */
function isFileName(entry: string): boolean {
  return !/\n|: |^\s*\{/.test(entry);
}

export interface KustomizationFile {
  readonly folder: string;
  readonly file: string;
  readonly text: string;
}

/** Reads a kustomization file; `undefined` where it is broken or belongs to another tool (Flux uses the same kind). */
export function parseKustomization({ folder, file, text }: KustomizationFile): Kustomization | undefined {
  const parsed = parseYaml(text);
  if (!parsed.ok) return undefined;
  const root = asObject(parsed.parsed.values[0]);
  if (asString(root['apiVersion'])?.startsWith('kustomize.toolkit.fluxcd.io/') === true) return undefined;
  const others = ['generators', 'transformers', 'validators', 'configurations', 'crds'].flatMap((key) =>
    texts(root[key]),
  );
  return {
    folder,
    file,
    text,
    isComponent: root['kind'] === 'Component',
    resources: [...texts(root['resources']), ...texts(root['bases'])],
    components: texts(root['components']),
    patches: [
      ...texts(root['patchesStrategicMerge']),
      ...fieldOfEach(root['patches'], 'path'),
      ...fieldOfEach(root['patchesJson6902'], 'path'),
    ].filter(isFileName),
    otherFiles: [
      ...others.filter(isFileName),
      ...generatorFiles(root['configMapGenerator']),
      ...generatorFiles(root['secretGenerator']),
      ...fieldOfEach(root['replacements'], 'path'),
      ...fieldOfEach(root['helmCharts'], 'valuesFile'),
      asString(asObject(root['openapi'])['path']) ?? [],
    ].flat(),
    generators: [
      ...generatorsOf(root, 'configMapGenerator', 'ConfigMap'),
      ...generatorsOf(root, 'secretGenerator', 'Secret'),
    ],
    patchEntries: [...patchEntriesOf(root, 'patches'), ...patchEntriesOf(root, 'patchesJson6902')],
    images: asArray(root['images']).map(asObject),
    replicas: asArray(root['replicas']).map(asObject),
    namePrefix: asString(root['namePrefix']) ?? '',
    nameSuffix: asString(root['nameSuffix']) ?? '',
    inflatesCharts: asArray(root['helmCharts']).length > 0 || asArray(root['helmChartInflationGenerator']).length > 0,
  };
}

/**
 * Whether an entry that is no local path would be fetched. Source: kustomize api/internal/git/repospec.go: a scheme, an `scp`-like address,
 * or a host name with a path.
 */
export function isRemote(entry: string): boolean {
  return (
    /^[a-z][a-z0-9+.-]*:\/\//i.test(entry) ||
    /^(?:git::|gh:|git@)/i.test(entry) ||
    /^[\w.-]+@[\w.-]+:/.test(entry) ||
    /[?&](?:ref|version)=/.test(entry) ||
    /^(?!\.)[\w-]+(?:\.[\w-]+)+(?::\d+)?\/[^/]+\/[^/]+/.test(entry) ||
    /\.git(?:\/|$)/.test(entry)
  );
}
