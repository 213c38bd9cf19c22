// Finds claims that leave the storage class to the cluster.

import { asArray, asObject, type KubeObject, type Path, valueAt } from '../../model/index.ts';
import type { Inventory } from '../../inventory/index.ts';
import { appCheck } from '../check.ts';
import { asking, offer, way } from '../fix.ts';
import { nameOf } from '../questions.ts';

interface ClaimSpec {
  readonly object: KubeObject;
  readonly path: Path;
}

function claimSpecs(inventory: Inventory): ClaimSpec[] {
  const claims = inventory.ofKind('/PersistentVolumeClaim').map((object) => ({ object, path: ['spec'] }));
  const templates = inventory.ofKind('apps/StatefulSet').flatMap((object) =>
    asArray(valueAt(object.raw, ['spec', 'volumeClaimTemplates'])).map((_, index) => ({
      object,
      path: ['spec', 'volumeClaimTemplates', index, 'spec'],
    })),
  );
  return [...claims, ...templates];
}

/** Claims of old manifests name their class in an annotation, which still counts. */
function namesClass({ object, path }: ClaimSpec): boolean {
  const { storageClassName } = asObject(valueAt(object.raw, path));
  const annotations = asObject(valueAt(object.raw, [...path.slice(0, -1), 'metadata', 'annotations']));
  return (storageClassName ?? annotations['volume.beta.kubernetes.io/storage-class'] ?? undefined) !== undefined;
}

export const storageClassImplicit = appCheck(
  {
    id: 'storage-class-implicit',
    family: 'storage',
    title: 'Claims name their storage class',
    leg: 'deployment',
    level: 2,
    owner: 'developer',
    severity: 'low',
    references: [],
    remediation: 'Set storageClassName, as a value per environment.',
    minutes: 5,
  },
  {
    applies: ({ inventory }) => claimSpecs(inventory).length > 0,
    find: ({ inventory }) =>
      claimSpecs(inventory)
        .filter((claim) => !namesClass(claim))
        .map(({ object, path }) => ({
          object,
          path: [...path, 'storageClassName'],
          message: `a claim of "${object.name}" takes whatever storage the cluster calls its default`,
          evidence: 'storageClassName is not set',
        })),
    fix: ({ path = [] }, { inventory }) => {
      const classes = inventory.ofKind('storage.k8s.io/StorageClass').map(({ name }) => name);
      const consequence = 'a claim or StatefulSet that the cluster has already must be made anew';
      return offer(
        ...classes.map((name) =>
          way({ id: `class-${name}`, title: `Take the class ${name}`, consequence }, [
            { op: 'set', path, value: name },
          ]),
        ),
        asking(
          {
            id: 'name-class',
            title: 'Name the class of the target cluster',
            consequence: `${consequence}; without such a class the claim waits`,
          },
          nameOf('storage class of the target cluster', 'fast-retained'),
          (answer) => [{ op: 'set', path, value: answer }],
        ),
      );
    },
  },
);
