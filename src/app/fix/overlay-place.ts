// Where the overlay behind a chart is, or where a new one goes: beside the chart, named in nowwhat.yaml.

import { existsSync } from 'node:fs';
import { basename, dirname, posix, relative, resolve, sep } from 'node:path';
import type { FileDrafts, NewOverlay, SettingsPlace, Twin } from '../../fixes/index.ts';
import type { Snapshot } from '../../model/index.ts';
import { type ChartRelease, helmOutput, type UnitFiles } from '../../sources/index.ts';
import { type LoadedConfig, newConfigFile } from '../config/read-config.ts';

/** The settings of the app, and the input that they were found for. */
export interface SettingsOf {
  readonly settings: Pick<LoadedConfig, 'file' | 'source'>;
  readonly input: string;
}

export interface OverlayPlace {
  readonly folder: string;
  /** Its kustomization. */
  readonly file: string;
  readonly text: string;
  /** Names in the folder. */
  readonly names: readonly string[];
  /** Left out where the overlay is there. */
  readonly create?: NewOverlay;
  /** Where it is in a HelmRelease of Flux: its name; then `file` is the file of that. */
  readonly release?: string;
  /** Where nobody has declared it yet. */
  readonly settings?: SettingsPlace;
}

/** The new overlay that a copy of the chart is read with. */
export function overlayToRead({ folder, file, create }: OverlayPlace, drafts: FileDrafts): string | undefined {
  return create !== undefined && drafts.has(file) ? folder : undefined;
}

/** The name of another release, which no chart is called by chance. */
export const otherRelease = 'nowwhat-other-release';

/** Both renderings of one chart, object by object; nothing where they do not have the same objects. */
export function pairUp(own: Snapshot, other: Snapshot | undefined): Twin[] {
  const others = other?.objects ?? [];
  const isSame =
    own.objects.length === others.length && own.objects.every(({ kind }, index) => kind === others[index]?.kind);
  if (!isSame) return [];
  return own.objects.flatMap((object, index) => {
    const twin = others[index];
    return twin === undefined ? [] : [{ object, other: twin }];
  });
}

/** `chart-post-render` beside `chart`, `redis-post-render` beside `redis-1.2.3.tgz`; inside of a chart that is the working folder. */
function newFolder(unit: string): string {
  const isHere = resolve(unit) === resolve('.');
  const stem = basename(unit).replace(/(?:-\d+\.\d[^/]*)?\.(?:tgz|tar\.gz)$/, '');
  const first = isHere ? 'post-render' : posix.join(dirname(unit), `${stem}-post-render`);
  let folder = first;
  for (let number = 2; existsSync(folder); number += 1) folder = `${first}-${number}`;
  return folder;
}

function from(folder: string, path: string): string {
  const told = relative(resolve(folder), resolve(path)).split(sep).join('/');
  return told === '' ? '.' : told;
}

async function placeInSettings(unit: string, overlay: string, { settings, input }: SettingsOf): Promise<SettingsPlace> {
  const file = settings.file ?? (await newConfigFile(input, unit));
  const base = dirname(file);
  const text = settings.file === undefined ? {} : { text: settings.source };
  return { file, ...text, chart: from(base, unit), overlay: from(base, overlay) };
}

async function planOverlay(unit: string, release: string, settings: SettingsOf): Promise<NewOverlay> {
  const folder = newFolder(unit);
  const place = await placeInSettings(unit, folder, settings);
  return { folder, plugin: `${release}-post-render`, output: helmOutput, settings: place };
}

/** The one in a HelmRelease; where a kustomization makes that, it is found by its objects, and nothing is declared. */
export async function placeInRelease(
  unit: string,
  { source: { file, text }, object: { name }, isDeclared }: ChartRelease,
  { settings, madeFrom }: { readonly settings: SettingsOf; readonly madeFrom: UnitFiles['madeFrom'] },
): Promise<OverlayPlace> {
  if (madeFrom !== undefined) {
    const { source } = madeFrom;
    return { folder: source.file, file: source.file, text: source.text, names: [], release: madeFrom.name };
  }
  const declared = isDeclared ? {} : { settings: await placeInSettings(unit, file, settings) };
  return { folder: file, file, text, names: [], release: name, ...declared };
}

/** The overlay behind the chart, as it is or as it would be begun. */
export async function placeOverlay(
  unit: string,
  { overlay, release }: UnitFiles,
  settings: SettingsOf,
): Promise<OverlayPlace> {
  if (overlay !== undefined) {
    const { folder, kustomization, names } = overlay;
    return { folder, ...kustomization, names };
  }
  const create = await planOverlay(unit, release, settings);
  return {
    folder: create.folder,
    file: `${create.folder}/kustomization.yaml`,
    text: '',
    names: [],
    create,
  };
}
