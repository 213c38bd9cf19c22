// Finds claims that leave the storage class to the cluster.

import { asArray, asObject, type KubeObject, type Path, valueAt } from '../../model/index.ts';
import type { Inventory } from '../../inventory/index.ts';
import { appCheck } from '../check.ts';

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
  },
);
