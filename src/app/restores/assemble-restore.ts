// From what the user wants to the wish of a restore: names resolved by the cluster, rules and maps read.

import { type ApiClient, type Discovery, findResource } from '../../api/index.ts';
import {
  compileSelection,
  filterRestore,
  readyModifiers,
  type RestoreWish,
  type Selection,
} from '../../backup/index.ts';
import { parseKubernetesVersion } from '../../kube/versions.ts';
import { asString } from '../../model/index.ts';
import { readPolicies, resourceFinder } from '../backups/resource-policies.ts';
import { readModifierRules, readPluginMaps } from './restore-inputs.ts';
import { type RestoreOrder } from './restore-order.ts';

/** Restored objects name their resource in full; a filter may be short. */
function resolve(names: readonly string[], discovery: Discovery): readonly string[] {
  return names.map((name) => {
    const found = findResource(discovery, name);
    if (found === undefined) return name;
    return found.group === '' ? found.resource : `${found.resource}.${found.group}`;
  });
}

/** Of the cluster, a restore of some namespaces takes only the volumes of their claims, unless it is told. Source: Velero 1.18. */
export function takesResource(selection: Selection, discovery: Discovery): (groupResource: string) => boolean {
  const included = resolve(selection.includedResources ?? [], discovery);
  const excluded = new Set(resolve(selection.excludedResources ?? [], discovery));
  const takesAll = included.length === 0 || included.includes('*');
  return (name) => !excluded.has(name) && (takesAll || included.includes(name));
}

async function minorOf(client: ApiClient): Promise<number> {
  const { gitVersion } = await client.request({ path: '/version' });
  return parseKubernetesVersion(asString(gitVersion) ?? '')?.minor ?? 0;
}

/** A restore that is asked for, and the cluster that it goes to. */
export interface Asking {
  readonly order: RestoreOrder;
  readonly client: ApiClient;
  readonly discovery: Discovery;
}

async function readMaps({ order, client }: Asking): Promise<Pick<RestoreWish, 'storageClasses' | 'images'>> {
  const { pluginMaps, storageClasses, images } = order;
  if (pluginMaps === undefined) return { storageClasses, images };
  const found = await readPluginMaps(client, pluginMaps);
  // What the line says goes first.
  return {
    storageClasses: new Map([...found.storageClasses, ...storageClasses]),
    images: [...images, ...found.images],
  };
}

/** With filters of policies, which for Velero's restores are all that policies may say. Throws `UserError`. */
async function filterRestored(selection: Selection, { order, client, discovery }: Asking): Promise<Selection> {
  const policies = await readPolicies(client, order.policies);
  return policies === undefined ? selection : filterRestore(selection, policies, resourceFinder(discovery));
}

/** The wish of a restore without its volumes and without what it removes. Throws `UserError`. */
export async function toWish(asking: Asking, backup: string, name: string): Promise<RestoreWish> {
  const { order, client, discovery } = asking;
  const { selection, cluster, existing, preserveNodePorts, namespaceMappings, dryRun, hooks } = order;
  const { takesNamespace, takesAllNamespaces, rulesOf, remarks } = compileSelection({
    ...(await filterRestored(selection, asking)),
    includedResources: [],
    excludedResources: [],
  });
  const rules = await readModifierRules(client, order.modifiers);
  return {
    existing,
    preserveNodePorts,
    namespaceMappings,
    dryRun,
    ...(await readMaps(asking)),
    statusResources: resolve(order.statusResources, discovery),
    statusExcluded: resolve(order.statusExcluded, discovery),
    modifiers: await readyModifiers(rules, () => minorOf(client)),
    ...(hooks === undefined ? {} : { hooks }),
    remarks,
    fillsFromSnapshots: order.moving !== undefined,
    backup,
    name,
    concurrency: cluster.concurrency,
    selection: {
      takesNamespace,
      rulesOf,
      takesResource: takesResource(selection, discovery),
      takesAllNamespaces,
      includeClusterResources: selection.includeClusterResources,
    },
  };
}
