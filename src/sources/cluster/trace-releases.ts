// Traces objects of a cluster back to the Helm releases that made them: to the template, its line, and the key of the values.

import type { HelmRelease, HelmRendering, KubeObject, Snapshot } from '../../model/index.ts';
import { parseRendering } from '../helm/parse-rendering.ts';
import { joinParts, type Part } from '../part.ts';

function keyOf({ group, kind, namespace, name }: KubeObject): string {
  return `${group}/${kind}/${namespace}/${name}`;
}

function read({ path, text, template }: HelmRendering, { chart, namespace }: HelmRelease): Part {
  const file = `${chart}/${path.slice(path.indexOf('/') + 1)}`;
  return parseRendering(
    { path, text },
    { unit: file, namespace, template: template === undefined ? undefined : { file, text: template } },
  );
}

/** The same snapshot; each object that a release of it made knows what the chart says of it. */
export function traceReleases(snapshot: Snapshot): Snapshot {
  const releases = snapshot.facts.cluster?.releases ?? [];
  if (releases.length === 0) return snapshot;
  const parts = releases.flatMap((release) => release.renderings.map((rendering) => read(rendering, release)));
  const { objects, texts } = joinParts(parts);
  const declared = new Map(objects.map((object) => [keyOf(object), object]));
  return {
    ...snapshot,
    texts,
    objects: snapshot.objects.map((object) => {
      const made = declared.get(keyOf(object));
      return made === undefined ? object : { ...object, declared: made };
    }),
  };
}
