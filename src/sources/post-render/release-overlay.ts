// What a HelmRelease of Flux has behind its chart: kustomizations in `spec.postRenderers`. Source: helm.toolkit.fluxcd.io v2, HelmRelease.

import { parseManifests } from '../../kube/manifests/parse-manifests.ts';
import {
  asArray,
  asObject,
  asString,
  type JsonObject,
  type KubeObject,
  type Path,
  type SourceText,
  type WrittenIn,
} from '../../model/index.ts';
import { readText } from '../files/read-text.ts';
import { findSettings } from '../kustomize/field-setters.ts';
import { type Kustomization, parseKustomization } from '../kustomize/kustomization.ts';
import { helmOutput } from './overlay.ts';

/** One step behind the chart. */
export interface ReleaseStep {
  readonly kustomization: Kustomization;
  /** Of the step in the document. */
  readonly within: Path;
}

export interface ReleaseOverlay {
  readonly source: SourceText;
  readonly release: KubeObject;
  readonly steps: readonly ReleaseStep[];
}

/** As kustomize takes it: the older lists of patches come behind the newer one. */
function toKustomization({ patches, images, patchesStrategicMerge, patchesJson6902 }: JsonObject): JsonObject {
  const merges = asArray(patchesStrategicMerge).map((patch) => ({ patch: JSON.stringify(patch) }));
  const operations = asArray(patchesJson6902).map((each) => {
    const { patch = [], target = {} } = asObject(each);
    return { patch: JSON.stringify(patch), target };
  });
  return {
    resources: [helmOutput],
    patches: [...asArray(patches), ...merges, ...operations],
    images: asArray(images),
  };
}

function stepsOf({ raw, source }: KubeObject): ReleaseStep[] {
  return asArray(asObject(raw['spec'])['postRenderers']).flatMap((each, index): ReleaseStep[] => {
    const { kustomize } = asObject(each);
    if (kustomize === undefined) return [];
    const text = JSON.stringify(toKustomization(asObject(kustomize)));
    const kustomization = parseKustomization({ folder: '.', file: source.file, text });
    const within = [...source.within, 'spec', 'postRenderers', index, 'kustomize'];
    return kustomization === undefined ? [] : [{ kustomization, within }];
  });
}

/** True for a release of the chart: Flux names its path from the root of a repository. */
function isOf({ raw }: KubeObject, chart: string): boolean {
  const path = asString(asObject(asObject(asObject(raw['spec'])['chart'])['spec'])['chart']) ?? '';
  const plain = path.replace(/^\.?\//, '').replace(/\/$/, '');
  return plain !== '' && `/${chart}`.endsWith(`/${plain}`);
}

/** HelmReleases that deploy the chart at the absolute path `chart`. */
export function releasesOf(objects: readonly KubeObject[], chart: string): KubeObject[] {
  return objects.filter(
    (object) => object.group === 'helm.toolkit.fluxcd.io' && object.kind === 'HelmRelease' && isOf(object, chart),
  );
}

/** The HelmRelease in the file that deploys the chart, else the only one there; nothing where there is none. */
export async function readReleaseOverlay(
  file: string,
  chart: string,
  maxBytes: number,
): Promise<ReleaseOverlay | undefined> {
  const read = await readText(file, file, maxBytes);
  if (!read.ok) return undefined;
  const source: SourceText = { file, text: read.text, rendered: false };
  const context = { textIndex: 0, origin: { kind: 'manifest', unit: file }, namespace: '' } as const;
  const { objects } = parseManifests(source, context);
  const releases = objects.filter(({ kind }) => kind === 'HelmRelease');
  const [release] = [...releasesOf(objects, chart), ...(releases.length === 1 ? releases : [])];
  return release === undefined ? undefined : { source, release, steps: stepsOf(release) };
}

/** Where the release says something of a rendered object; `text` is the index of its file. */
export function findReleaseChanges(
  object: KubeObject,
  { source, release, steps }: ReleaseOverlay,
  text: number,
): WrittenIn[] {
  const { start, end, document } = release.source;
  return steps.flatMap(({ kustomization, within }) =>
    findSettings(object, object.name, [{ source, kustomization, patchFiles: new Map() }]).map((setting) => ({
      text,
      start,
      end,
      document,
      within: [...within, ...setting.within],
      sets: setting.sets,
    })),
  );
}
