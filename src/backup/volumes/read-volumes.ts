// Reads the pods of a backup's namespaces with their claims and volumes, and chooses which volumes are saved.

import { type ApiClient, type ApiResource, discoverOnce, findResource, isApiError, listAll } from '../../api/index.ts';
import { asObject, asString, type JsonObject } from '../../model/index.ts';
import { resolveNames } from '../collect/choose-resources.ts';
import { type CollectProblem, gapOf, isGap } from '../collect/gap.ts';
import { compileSelection, type Selection } from '../collect/selection.ts';
import { type LookedAt, visitObjects } from '../collect/visit-objects.ts';
import { chooseVolumes, mayHaveData, type ChoosingVolumes, type ChosenVolumes } from './choose-volumes.ts';

export interface ReadVolumes {
  readonly chosen: ChosenVolumes;
  /** Persistent volumes by name. */
  readonly volumes: ReadonlyMap<string, JsonObject>;
  /** Pods of the backup. */
  readonly pods: readonly JsonObject[];
  /** Claims of the backup. */
  readonly claims: readonly JsonObject[];
  /** Lists that could not be made, and what that means for data. */
  readonly problems: readonly CollectProblem[];
}

/** Lists at once. */
const concurrency = 8;

function keyOf({ metadata }: JsonObject): string {
  const { namespace, name } = asObject(metadata);
  return namespace === undefined ? (asString(name) ?? '') : `${asString(namespace) ?? ''}/${asString(name) ?? ''}`;
}

function byKey(objects: readonly JsonObject[]): ReadonlyMap<string, JsonObject> {
  return new Map(objects.map((each) => [keyOf(each), each]));
}

type OnGap = (gap: CollectProblem) => void;

/** Those that are in the backup as such; claims also where a pod needs them. Of the pods only those with data are kept, as a cluster may have many. */
async function readSaved(client: ApiClient, selection: Selection, onGap: OnGap) {
  const found: Record<LookedAt, JsonObject[]> = { pods: [], persistentvolumeclaims: [] };
  const kinds = ['pods', 'persistentvolumeclaims'] as const;
  for await (const { resource, object } of visitObjects({ client, selection, concurrency }, kinds, onGap))
    if (resource !== 'pods' || mayHaveData(object)) found[resource].push(object);
  return found;
}

/** In each of the namespaces, or in all. */
async function listClaims(
  client: ApiClient,
  namespaces: readonly string[] | undefined,
  onGap: OnGap,
): Promise<readonly JsonObject[]> {
  const resource = findResource(await discoverOnce(client), 'persistentvolumeclaims');
  if (resource === undefined) return [];
  const listOf = async (namespace: string): Promise<readonly JsonObject[]> => {
    try {
      return (await listAll(client, resource, namespace === '' ? {} : { namespace })).items;
    } catch (error) {
      if (!isGap(error)) throw error;
      onGap(gapOf(resource.resource, namespace, error));
      return [];
    }
  };
  return (await Promise.all((namespaces ?? ['']).map(listOf))).flat();
}

/** Who may not list volumes still saves those of claims; only what a policy says of a volume is not known then. */
async function listVolumes(client: ApiClient): Promise<readonly JsonObject[]> {
  const resource: ApiResource | undefined = findResource(await discoverOnce(client), 'persistentvolumes');
  try {
    return resource === undefined ? [] : (await listAll(client, resource)).items;
  } catch (error) {
    if (isApiError(error, 403)) return [];
    throw error;
  }
}

/** One for each list, however often it was tried. The gap itself is an error of the objects; here its meaning is told. */
function problemsOf(gaps: readonly CollectProblem[]): CollectProblem[] {
  const told = new Map(
    gaps
      .filter(({ notListed }) => notListed !== 'namespaces')
      .map((gap): [string, CollectProblem] => {
        const message = `data of volumes are not saved where ${gap.message}`;
        return [`${gap.notListed ?? ''} ${gap.namespace}`, { ...gap, severity: 'warning', message }];
      }),
  );
  return [...told.values()];
}

/** Only volumes of pods that are in the backup themselves: a restore finds its way by them. */
export async function readVolumes(
  client: ApiClient,
  selection: Selection,
  wish: Pick<ChoosingVolumes, 'all' | 'policy'>,
): Promise<ReadVolumes> {
  const { namedNamespaces } = compileSelection(resolveNames(selection, await discoverOnce(client)));
  const gaps: CollectProblem[] = [];
  const onGap = (gap: CollectProblem): void => void gaps.push(gap);
  const volumes = byKey(await listVolumes(client));
  const { pods, persistentvolumeclaims: claims } = await readSaved(client, selection, onGap);
  // A pod may use a claim that is not in the backup itself: its files are saved all the same.
  const all = pods.length === 0 ? [] : await listClaims(client, namedNamespaces, onGap);
  const chosen = chooseVolumes({ ...wish, pods, claims: byKey(all), volumes, hidesClaims: hidingClaims(gaps) });
  return { chosen, volumes, pods, claims, problems: problemsOf(gaps) };
}

function hidingClaims(gaps: readonly CollectProblem[]): (namespace: string) => boolean {
  const hidden = new Set(
    gaps.filter(({ notListed }) => notListed === 'persistentvolumeclaims').map(({ namespace }) => namespace),
  );
  return (namespace) => hidden.has('') || hidden.has(namespace);
}
