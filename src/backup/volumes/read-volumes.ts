// Reads the pods of a backup's namespaces with their claims and volumes, and chooses which volumes are saved.

import { type ApiClient, type ApiResource, discoverOnce, findResource, isApiError, listAll } from '../../api/index.ts';
import { asObject, asString, type JsonObject } from '../../model/index.ts';
import { excludeLabel } from '../collect/left-out.ts';
import { claimsOfPod } from '../collect/related.ts';
import { type CompiledSelection, compileSelection, type Selection } from '../collect/selection.ts';
import { resolveNames } from '../collect/choose-resources.ts';
import { chooseVolumes, type ChoosingVolumes, type ChosenVolumes } from './choose-volumes.ts';

export interface ReadVolumes {
  readonly chosen: ChosenVolumes;
  /** Persistent volumes by name. */
  readonly volumes: ReadonlyMap<string, JsonObject>;
  /** Pods of the backup. */
  readonly pods: readonly JsonObject[];
  /** Claims of the backup. */
  readonly claims: readonly JsonObject[];
}

function keyOf({ metadata }: JsonObject): string {
  const { namespace, name } = asObject(metadata);
  return namespace === undefined ? (asString(name) ?? '') : `${asString(namespace) ?? ''}/${asString(name) ?? ''}`;
}

async function listIn(client: ApiClient, resource: ApiResource, namespaces: readonly string[] | undefined) {
  const wanted = namespaces === undefined ? [{}] : namespaces.map((namespace) => ({ namespace }));
  const lists = await Promise.all(wanted.map((each) => listAll(client, resource, each)));
  return lists.flatMap(({ items }) => items);
}

/** Who may not list volumes still saves those of claims; only what a policy says of a volume is not known then. */
async function listVolumes(client: ApiClient, resource: ApiResource): Promise<readonly JsonObject[]> {
  try {
    return (await listAll(client, resource)).items;
  } catch (error) {
    if (isApiError(error, 403)) return [];
    throw error;
  }
}

function isExcluded({ metadata }: JsonObject): boolean {
  return asObject(asObject(metadata)['labels'])[excludeLabel] === 'true';
}

/** Whether an object of the resource is in the backup as such. */
function taking(
  { takesNamespace, rulesOf }: CompiledSelection,
  resource: ApiResource,
): (object: JsonObject) => boolean {
  const ruleOf = rulesOf(resource.resource);
  return (object) => {
    const { name, namespace: own, labels } = asObject(object['metadata']);
    const namespace = asString(own) ?? '';
    const rule = ruleOf(namespace);
    if (rule === undefined || !takesNamespace(namespace) || isExcluded(object)) return false;
    if (!rule.takesName(asString(name) ?? '')) return false;
    return rule.selectors.length === 0 || rule.selectors.some((each) => each.matches(asObject(labels)));
  };
}

/** Claims of pods are in the backup too, whatever labels they have. */
function pulledBy(pods: readonly JsonObject[]): (claim: JsonObject) => boolean {
  const used = new Set(
    pods.flatMap(({ metadata, spec }) =>
      claimsOfPod(asObject(spec)).map((name) => `${asString(asObject(metadata)['namespace']) ?? ''}/${name}`),
    ),
  );
  return (claim) => used.has(keyOf(claim)) && !isExcluded(claim);
}

/** Only volumes of pods that are in the backup themselves: a restore finds its way by them. */
export async function readVolumes(
  client: ApiClient,
  selection: Selection,
  wish: Pick<ChoosingVolumes, 'all' | 'policy'>,
): Promise<ReadVolumes> {
  const discovery = await discoverOnce(client);
  const compiled = compileSelection(resolveNames(selection, discovery));
  const kinds = ['pods', 'persistentvolumeclaims', 'persistentvolumes'].map((name) => findResource(discovery, name));
  const [pods, claims, volumes] = kinds;
  if (pods === undefined || claims === undefined || volumes === undefined)
    return { chosen: { saved: [], leftOut: [] }, volumes: new Map(), pods: [], claims: [] };
  const byKey = (objects: readonly JsonObject[]) => new Map(objects.map((each) => [keyOf(each), each]));
  const taken = async (resource: ApiResource): Promise<readonly JsonObject[]> =>
    compiled.takes(resource)
      ? (await listIn(client, resource, compiled.namedNamespaces)).filter(taking(compiled, resource))
      : [];
  const found = byKey(await listVolumes(client, volumes));
  const [ownPods, ownClaims] = [await taken(pods), await taken(claims)];
  // A pod may use a claim that is not in the backup itself: its files are saved all the same.
  const all = ownPods.length === 0 ? [] : await listIn(client, claims, compiled.namedNamespaces);
  const chosen = chooseVolumes({ ...wish, pods: ownPods, claims: byKey(all), volumes: found });
  const pulled = compiled.takes(claims) ? all.filter(pulledBy(ownPods)) : [];
  return { chosen, volumes: found, pods: ownPods, claims: [...byKey([...ownClaims, ...pulled]).values()] };
}
