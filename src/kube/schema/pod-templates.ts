// Finds the pod templates that custom resources embed, by the form of their schema.

import type { Path } from '../../model/index.ts';
import type { CrdSchemas } from './crd-schemas.ts';
import type { SchemaNode } from './schema-node.ts';

/** Step of a path that stands for every item of a list or every value of a map. */
export const everyItem = '*';

const deepest = 12;

function fieldOf(node: SchemaNode | undefined, name: string): SchemaNode | undefined {
  return node?.object?.fields.get(name);
}

/** Has metadata, and containers with images below `spec`. */
function isPodTemplate(node: SchemaNode): boolean {
  const containers = fieldOf(fieldOf(node, 'spec'), 'containers');
  return fieldOf(node, 'metadata') !== undefined && fieldOf(containers?.item, 'image') !== undefined;
}

function childrenOf(node: SchemaNode): [string, SchemaNode][] {
  const fields: [string, SchemaNode][] = [...(node.object?.fields ?? [])];
  return node.item === undefined ? fields : [...fields, [everyItem, node.item]];
}

function search(node: SchemaNode, path: Path, found: Map<string, Path>): void {
  if (path.length > 0 && isPodTemplate(node)) {
    found.set(path.join('/'), path);
    return;
  }
  if (path.length >= deepest) return;
  for (const [step, child] of childrenOf(node)) search(child, [...path, step], found);
}

/**
 * Paths of the pod templates in objects of a custom kind, over all served versions: `['spec', 'template']`, or
 * `['spec', 'workerGroupSpecs', '*', 'template']` where each item of a list or value of a map has one.
 */
export function findPodTemplates(crds: CrdSchemas, group: string, kind: string): Path[] {
  const found = new Map<string, Path>();
  for (const version of crds.versionsOf(group, kind)) {
    const node = crds.schemaOf(group, version, kind);
    if (node !== undefined) search(node, [], found);
  }
  return [...found.values()];
}
