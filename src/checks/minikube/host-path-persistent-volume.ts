// Finds persistent volumes that are a folder of one node.

import type { Inventory } from '../../inventory/index.ts';
import { asObject, asString, type Edit, type KubeObject, type ObjectEdits } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { offer, way } from '../fix.ts';
import { minikubeMeta } from './minikube-meta.ts';

/** What keeps a claim from a volume of a class: the name of this volume, or the word that it wants none. */
function freeClaims({ name }: KubeObject, inventory: Inventory): ObjectEdits[] {
  return inventory.ofKind('/PersistentVolumeClaim').flatMap((claim) => {
    const spec = asObject(claim.raw['spec']);
    const fields = [
      ...(spec['volumeName'] === name ? ['volumeName'] : []),
      ...(spec['volumeName'] === name && spec['storageClassName'] === '' ? ['storageClassName'] : []),
    ];
    const edits = fields.map((field): Edit => ({ op: 'remove', path: ['spec', field] }));
    return edits.length === 0 ? [] : [{ object: claim, edits }];
  });
}

export const hostPathPersistentVolume = objectCheck(
  minikubeMeta({
    id: 'host-path-persistent-volume',
    title: 'Persistent volumes outlive a node',
    severity: 'high',
    references: [{ framework: 'Kubernetes', id: 'Persistent Volumes' }],
    remediation: 'Remove the PersistentVolume and let the storage class of the cluster make one for the claim.',
    minutes: 30,
  }),
  {
    kinds: ['/PersistentVolume'],
    find: ({ name, raw }) => {
      const path = asString(asObject(asObject(raw['spec'])['hostPath'])['path']);
      if (path === undefined) return undefined;
      return {
        message: `PersistentVolume "${name}" is a folder of whichever node mounts it: it works on a cluster of one node only`,
        path: ['spec', 'hostPath', 'path'],
        evidence: `spec.hostPath.path is ${path}`,
      };
    },
    fix: (volume, _diagnostic, { inventory }) =>
      offer(
        way(
          {
            id: 'remove-volume',
            title: 'Remove it, and let the storage class of the cluster make a volume for the claim',
            consequence:
              'what is in the folder stays on its node and is not in the new volume: copy it, or restore a backup; a claim that is bound already stays as it is',
          },
          { remove: [volume], others: freeClaims(volume, inventory) },
        ),
      ),
  },
);
