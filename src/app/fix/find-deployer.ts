// Who deploys a chart, where the files say so: a HelmRelease of Flux runs patches behind it, an Application of Argo CD runs none.

import { resolve } from 'node:path';
import { asArray, asObject, asString, type Snapshot } from '../../model/index.ts';
import { type HelmReleaseFile, releasesOf, type UnitFiles } from '../../sources/index.ts';

/** The file is Flux's alone: nothing else is edited in it. */
export interface FoundRelease extends HelmReleaseFile {
  readonly isDeclared: boolean;
}

function isFluxAlone({ objects }: Snapshot, text: number): boolean {
  return objects.every(({ source, group }) => source.text !== text || group.endsWith('.toolkit.fluxcd.io'));
}

/** The release that the settings name, else one among the objects that were read. */
export function findRelease(snapshot: Snapshot, unit: string, { helmRelease }: UnitFiles): FoundRelease | undefined {
  if (helmRelease !== undefined) return { ...helmRelease, isDeclared: true };
  const written = snapshot.objects.filter(({ source }) => source.origin.kind === 'manifest');
  const [release] = releasesOf(written, resolve(unit));
  const text = release === undefined ? undefined : snapshot.texts[release.source.text];
  if (release === undefined || text === undefined) return undefined;
  return { file: text.file, text: text.text, name: release.name, isDeclared: false };
}

/** Why patches behind the chart would come to nothing. */
export function findBar(snapshot: Snapshot, unit: string, release: FoundRelease | undefined): string | undefined {
  const index = snapshot.texts.findIndex(({ file }) => file === release?.file);
  if (index !== -1 && !isFluxAlone(snapshot, index))
    return 'its HelmRelease shares a file with objects of another kind';
  const folder = `/${resolve(unit)}`;
  const isArgo = snapshot.objects.some(({ group, kind, raw }) => {
    const { source, sources } = asObject(raw['spec']);
    const paths = [source ?? null, ...asArray(sources)].map((each) => asString(asObject(each)['path']) ?? '');
    const named = paths.map((path) => path.replace(/^\.?\//, '').replace(/\/$/, '')).filter((path) => path !== '');
    return group === 'argoproj.io' && kind === 'Application' && named.some((path) => folder.endsWith(`/${path}`));
  });
  return isArgo ? 'Argo CD deploys its chart, and runs nothing behind it' : undefined;
}
