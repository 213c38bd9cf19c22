// What a HelmRelease of Flux has behind its chart: kustomizations in `spec.postRenderers`. Source: helm.toolkit.fluxcd.io v2, HelmRelease.

import {
  asArray,
  asObject,
  type JsonObject,
  type KubeObject,
  type Path,
  type SourceText,
  type WrittenIn,
} from '../../model/index.ts';
import { findSettings } from '../kustomize/field-setters.ts';
import { type Kustomization, parseKustomization } from '../kustomize/kustomization.ts';
import { helmOutput } from './overlay.ts';

/** One step behind the chart. */
export interface ReleaseStep {
  readonly kustomization: Kustomization;
  /** Of the step in the document. */
  readonly within: Path;
}

interface ReleaseOverlay {
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

/** What the release runs behind its chart. */
export function stepsOf({ raw, source }: KubeObject): ReleaseStep[] {
  return asArray(asObject(raw['spec'])['postRenderers']).flatMap((each, index): ReleaseStep[] => {
    const { kustomize } = asObject(each);
    if (kustomize === undefined) return [];
    const text = JSON.stringify(toKustomization(asObject(kustomize)));
    const kustomization = parseKustomization({ folder: '.', file: source.file, text });
    const within = [...source.within, 'spec', 'postRenderers', index, 'kustomize'];
    return kustomization === undefined ? [] : [{ kustomization, within }];
  });
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
