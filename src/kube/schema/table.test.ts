import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { isNamespaced, loadSchemas } from './index.ts';
import { objectOf, type SchemaNode, type TypeSource } from './schema-node.ts';
import { table, tableHash, tableVersions } from './schemas.generated.ts';
import { isWithin } from './table.ts';
import { clusterScopedKinds } from '../scope.generated.ts';

const schemas = await loadSchemas();

/** Fails where a reference leads nowhere; gives the number of nodes seen. */
function countNodes(node: SchemaNode, types: TypeSource): number {
  objectOf(node, types);
  return 1 + (node.item === undefined ? 0 : countNodes(node.item, types));
}

describe('the generated table', () => {
  test('is the one that the generator wrote', () => {
    expect(createHash('sha256').update(table).digest('hex')).toBe(tableHash);
  });

  test('decodes whole, at every minor, with every reference leading to a type', () => {
    for (let minor = schemas.oldestMinor; minor <= schemas.newestMinor; minor += 1) {
      const types = schemas.typesAt(minor);
      let nodes = 0;
      for (const name of schemas.typeNames)
        for (const field of types.typeNamed(name).fields.values()) nodes += countNodes(field, types);
      expect(nodes).toBeGreaterThan(3000);
    }
  });

  test('names a type for every kind', () => {
    expect(schemas.kinds.length).toBeGreaterThan(140);
    for (const kind of schemas.kinds) expect(schemas.typeNames).toContain(kind.type);
  });

  test('covers an unbroken range of minors', () => {
    const minors = tableVersions.map((version) => Number(version.split('.')[1]));
    expect(minors).toEqual(minors.map((_, index) => schemas.oldestMinor + index));
    expect(minors.at(-1)).toBe(schemas.newestMinor);
  });

  test('agrees with the list of cluster-scoped kinds', () => {
    for (const { group, kind, namespaced } of schemas.kinds)
      expect(clusterScopedKinds.has(`${group}/${kind}`), `${group}/${kind}`).toBe(!namespaced);
  });
});

describe('a decoded field', () => {
  const container = schemas.typesAt(34).typeNamed('core.v1.Container');
  const port = schemas.typesAt(34).typeNamed('core.v1.ContainerPort');

  test('keeps the keys that tell the items of a list apart', () => {
    expect(container.fields.get('ports')?.listKeys).toEqual(['containerPort', 'protocol']);
    expect(schemas.typesAt(34).typeNamed('meta.v1.ObjectMeta').fields.get('finalizers')?.isSet).toBe(true);
  });

  test('keeps its values and its default', () => {
    expect([...(port.fields.get('protocol')?.enumValues ?? [])]).toEqual(['SCTP', 'TCP', 'UDP', '']);
    expect(port.fields.get('protocol')?.default).toBe('TCP');
    expect(container.required).toEqual(['name']);
  });

  test('is there only in the minors that have it', () => {
    const before = schemas.typesAt(26).typeNamed('core.v1.Container');
    expect(container.fields.has('resizePolicy')).toBe(true);
    expect(before.fields.has('resizePolicy')).toBe(false);
    expect(before.otherMinors.get('resizePolicy')).toEqual({ since: 27, until: undefined });
  });

  test('has the values of its minor', () => {
    const actionsAt = (minor: number): unknown[] => [
      ...(schemas.typesAt(minor).typeNamed('batch.v1.PodFailurePolicyRule').fields.get('action')?.enumValues ?? []),
    ];
    expect(actionsAt(34)).toContain('FailIndex');
    expect(actionsAt(27)).not.toContain('FailIndex');
  });
});

describe('a kind', () => {
  test('tells the minors that serve it', () => {
    const old = schemas.kindNamed('batch/v1beta1', 'CronJob');
    expect(old).toMatchObject({ resource: 'cronjobs', namespaced: true, until: 25 });
    expect(isWithin(old ?? { since: undefined, until: undefined }, 24)).toBe(true);
    expect(isWithin(old ?? { since: undefined, until: undefined }, 25)).toBe(false);
  });

  test.each([
    ['apps', 'Deployment', true],
    ['', 'Node', false],
    ['rbac.authorization.k8s.io', 'ClusterRole', false],
    ['example.com', 'Deployment', undefined],
  ])('%s/%s is namespaced: %s', (group, kind, expected) => {
    expect(isNamespaced(schemas, group, kind)).toBe(expected);
  });
});
