// Who deploys a chart, where the files say so, and what that means for its fixes: a HelmRelease of Flux runs patches behind it, an Application of Argo CD none.

import type { KubeObject, Snapshot } from '../../model/index.ts';
import { type ChartRelease, mayDeploy, type ReadOptions, type UnitFiles } from '../../sources/index.ts';

function isFluxAlone({ objects }: Snapshot, text: number): boolean {
  return objects.every(({ source, group }) => source.text !== text || group.endsWith('.toolkit.fluxcd.io'));
}

/** What to do by hand where the files that make a release are those of others, too. */
function tellMade({ source: { origin } }: KubeObject, name: string): string {
  return `${origin.unit} makes the HelmRelease "${name}" that deploys its chart from files that are not its own alone: write it there by hand, into a patch with spec.values or spec.postRenderers`;
}

/** Why patches behind the chart would come to nothing. */
export function findBar(
  snapshot: Snapshot,
  release: ChartRelease | undefined,
  madeFrom: UnitFiles['madeFrom'],
): string | undefined {
  if (release === undefined) return undefined;
  if (release.by === 'Argo CD') return 'Argo CD deploys its chart, and runs nothing behind it';
  const { source, object } = release;
  if (source.rendered) return madeFrom === undefined ? tellMade(object, object.name) : undefined;
  if (source.encoding !== undefined) return 'its HelmRelease is UTF-16, and only UTF-8 is edited';
  const index = snapshot.texts.findIndex(({ file }) => file === source.file);
  return index !== -1 && !isFluxAlone(snapshot, index)
    ? 'its HelmRelease shares a file with objects of another kind'
    : undefined;
}

/** The file of the release, where a copy of the chart must be told of it. */
export function fileToTell(release: ChartRelease | undefined): string | undefined {
  return release === undefined || release.isDeclared || release.source.rendered ? undefined : release.source.file;
}

const holdsValues = new Set(['ConfigMap', 'Secret', 'HelmChart']);

/** What a copy of a chart alone would not see: objects with its values, and releases that kustomizations make. */
export function withBeside(options: ReadOptions, { objects, texts }: Snapshot): ReadOptions {
  const own = objects.filter(({ source }) => source.origin.kind !== 'helm');
  const isMade = (each: KubeObject): boolean => mayDeploy(each) && texts[each.source.text]?.rendered === true;
  if (!own.some(mayDeploy)) return options;
  const beside = { objects: own.filter((each) => holdsValues.has(each.kind) || isMade(each)), texts };
  return { ...options, helm: { ...options.helm, beside } };
}
