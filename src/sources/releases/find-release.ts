// Which HelmRelease of Flux or Application of Argo CD deploys a chart: the one that the settings name, else the one in the input that is nearest to production.

import { stat } from 'node:fs/promises';
import { posix, resolve } from 'node:path';
import { parseManifests } from '../../kube/manifests/parse-manifests.ts';
import type { KubeObject, Skipped, SourceText } from '../../model/index.ts';
import { folderOf, isManifestName } from '../files/file-names.ts';
import { readText, toSource } from '../files/read-text.ts';
import { overlayOf } from '../post-render/overlay.ts';
import type { ReadOptions } from '../read-options.ts';
import { environmentRank } from '../units/environment-rank.ts';
import { type Around } from './application-sets/generating.ts';
import { makeApplications } from './application-sets/make-applications.ts';
import { readApplication } from './argo-application.ts';
import {
  type ChartRelease,
  isApplicationSet,
  isHelmRelease,
  leadsTo,
  mayDeploy,
  stepsOfPath,
  type Written,
} from './chart-release.ts';
import { readHelmRelease, type SaidRelease } from './flux-release.ts';

interface Candidate {
  readonly object: KubeObject;
  readonly source: SourceText;
  readonly said: SaidRelease;
}

/** What an object says of the chart at the absolute path `chart`, and perhaps of others. */
async function saidBy(object: KubeObject, chart: string, around: Around): Promise<SaidRelease[]> {
  if (isHelmRelease(object)) return [readHelmRelease(object, around.objects) ?? []].flat();
  if (!isApplicationSet(object)) return readApplication(object);
  // Its values are those of all Applications that it makes: none is put into it.
  const { applications } = await makeApplications(object, chart, around);
  return applications.flatMap(readApplication).map((each) => ({ ...each, inline: undefined }));
}

async function candidatesIn({ objects, texts }: Written, chart: string, around: Around): Promise<Candidate[]> {
  const found = objects.filter(mayDeploy).map(async (object): Promise<Candidate[]> => {
    const source = texts[object.source.text];
    if (source === undefined) return [];
    return (await saidBy(object, chart, around)).map((said) => ({ object, source, said }));
  });
  return (await Promise.all(found)).flat();
}

/** The one that leads to the chart, else the only one there. */
async function findDeclared(unit: string, around: Around, options: ReadOptions) {
  const file = overlayOf(unit, options.helm.postRender ?? []);
  if (file === undefined || !isManifestName(file)) return undefined;
  const read = await readText(file, file, options.maxFileBytes);
  if (!read.ok) return undefined;
  const source = toSource(file, read);
  const context = { textIndex: 0, origin: { kind: 'manifest', unit: file }, namespace: options.namespace } as const;
  const { objects } = parseManifests(source, context);
  const beside = { ...around, objects: [...objects, ...around.objects] };
  const candidates = await candidatesIn({ objects, texts: [source] }, resolve(unit), beside);
  const [first] = candidates.filter(({ said }) => leadsTo(said, resolve(unit)));
  return first ?? (candidates.length === 1 ? candidates[0] : undefined);
}

function idOf({ object }: Candidate): string {
  return `${object.kind} "${object.name}"`;
}

/** By the folder of the file; of several releases in one, by the words of their names. */
function byRank(a: Candidate, b: Candidate): number {
  const byFolder = environmentRank(folderOf(a.object.source.file)) - environmentRank(folderOf(b.object.source.file));
  const rankOfName = ({ said }: Candidate): number => environmentRank(said.name.replaceAll('-', '/'));
  return byFolder || rankOfName(a) - rankOfName(b);
}

/** `web/values-prod.yaml` of the repository, as shown; nothing where it leads out of the repository. */
function shownPath(unit: string, { path }: SaidRelease, file: string): string | undefined {
  const inside = posix.normalize(file);
  if (inside.startsWith('..') || inside.startsWith('/')) return undefined;
  const up = stepsOfPath(path).map(() => '..');
  return posix.join(unit, ...up, inside);
}

async function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    (info) => info.isFile(),
    () => false,
  );
}

async function findFiles(unit: string, said: SaidRelease) {
  const files: string[] = [];
  const missing: string[] = [];
  for (const file of said.files) {
    const shown = shownPath(unit, said, file);
    if (shown !== undefined && (await isThere(shown))) files.push(shown);
    else if (!said.ignoresMissing) missing.push(`values file ${file}`);
  }
  return { files, missing };
}

async function toRelease(
  unit: string,
  { object, source, said }: Candidate,
  { isDeclared, others }: { readonly isDeclared: boolean; readonly others: readonly Candidate[] },
): Promise<ChartRelease> {
  const { by, name, namespace, values, inline } = said;
  const { files, missing } = await findFiles(unit, said);
  const chosen = `${object.kind} "${object.name}"`;
  const lacking = [...values.missing, ...missing].map(
    (what): Skipped => ({
      file: source.file,
      what: `${chosen} takes values from what is not in the files, or not readable there: ${what}`,
    }),
  );
  const more = others.map(
    (each): Skipped => ({
      file: each.source.file,
      what:
        each.object === object
          ? `${chosen} deploys the chart ${unit} as "${each.said.name}" as well; it is read as "${name}"`
          : `${idOf(each)} deploys the chart ${unit} as well; it is read as ${chosen} in ${source.file} deploys it`,
    }),
  );
  const given = { ...values, files, missing: [...values.missing, ...missing] };
  return { by, object, source, isDeclared, name, namespace, values: given, inline, notes: [...lacking, ...more] };
}

/** How the chart is deployed, as far as the files say it; nothing where nobody says. */
export async function findRelease(
  unit: string,
  input: Written,
  options: ReadOptions,
): Promise<ChartRelease | undefined> {
  const beside = options.helm.beside ?? { objects: [], texts: [] };
  const around = { objects: [...input.objects, ...beside.objects], maxFileBytes: options.maxFileBytes };
  const declared = await findDeclared(unit, around, options);
  if (declared !== undefined) return toRelease(unit, declared, { isDeclared: true, others: [] });
  const chart = resolve(unit);
  const found = [...(await candidatesIn(input, chart, around)), ...(await candidatesIn(beside, chart, around))]
    .filter(({ object, said }) => object.source.origin.kind !== 'helm' && leadsTo(said, chart))
    .toSorted(byRank);
  const [first, ...others] = found;
  if (first === undefined) return undefined;
  const different = others.filter(
    (each) =>
      idOf(each) !== idOf(first) ||
      each.object.namespace !== first.object.namespace ||
      (each.object === first.object && isApplicationSet(each.object)),
  );
  return toRelease(unit, first, { isDeclared: false, others: different });
}
