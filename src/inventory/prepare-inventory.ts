// The inventory with all knowledge of kinds: Kubernetes' own schemas, and those of the definitions in the input.

import { type CrdSchemas, findPodTemplates, loadSchemas, noCrds } from '../kube/schema/index.ts';
import { asObject, asString, type JsonObject, type Path, type Snapshot } from '../model/index.ts';
import { createInventory, type Inventory } from './inventory.ts';

/** The compiler of definitions brings a whole engine of patterns along: most apps do without. */
async function loadDefinitions(definitions: readonly JsonObject[]): Promise<CrdSchemas> {
  if (definitions.length === 0) return noCrds;
  const { compileCrds } = await import('../kube/schema/crds.ts');
  return compileCrds(definitions);
}

/** Builds the inventory of a snapshot after loading the schema table, so that objects can be validated. */
export async function prepareInventory(snapshot: Snapshot): Promise<Inventory> {
  const schemas = await loadSchemas();
  const definitions = snapshot.objects.filter(({ kind }) => kind === 'CustomResourceDefinition').map(({ raw }) => raw);
  const crds = await loadDefinitions(definitions);
  const templatePaths = new Map<string, readonly Path[]>();
  for (const definition of definitions) {
    const spec = asObject(definition['spec']);
    const group = asString(spec['group']) ?? '';
    const kind = asString(asObject(spec['names'])['kind']) ?? '';
    const paths = findPodTemplates(crds, group, kind);
    if (paths.length > 0) templatePaths.set(`${group}/${kind}`, paths);
  }
  return createInventory(snapshot, { schemas, crds, templatePaths });
}
