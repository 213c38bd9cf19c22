// Finds objects that Minikube's add-ons made, and images of Minikube itself.

import type { Inventory } from '../../inventory/index.ts';
import { asObject, asString, type Diagnostic, type KubeObject } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { minikubeMeta } from './minikube-meta.ts';

const addonLabel = 'kubernetes.io/minikube-addons';
const minikubeImages = 'gcr.io/k8s-minikube/';

function findLabel({ kind, name, raw }: KubeObject): Diagnostic[] {
  const addon = asString(asObject(asObject(raw['metadata'])['labels'])[addonLabel]);
  if (addon === undefined) return [];
  return [
    {
      message: `${kind} "${name}" was made by the Minikube add-on "${addon}": another cluster has its own, or needs it installed`,
      path: ['metadata', 'labels', addonLabel],
      evidence: `the label ${addonLabel} is ${addon}`,
    },
  ];
}

function findImages(object: KubeObject, inventory: Inventory): Diagnostic[] {
  const containers = inventory.workloadOf(object)?.containers ?? [];
  return containers
    .filter(({ raw }) => asString(raw['image'])?.startsWith(minikubeImages) === true)
    .map(({ name, path }) => ({
      message: `container "${name}" runs a part of Minikube, which has no place in another cluster`,
      path: [...path, 'image'],
      evidence: `the image is from ${minikubeImages}`,
      container: name,
    }));
}

export const minikubeAddon = objectCheck(
  minikubeMeta({
    id: 'minikube-addon',
    title: "The app holds no part of Minikube's add-ons",
    severity: 'medium',
    remediation: 'Remove the object, and install what the app needs of it in the target cluster.',
    minutes: 15,
  }),
  {
    kinds: ['*'],
    find: (object, { inventory }) => [...findLabel(object), ...findImages(object, inventory)],
  },
);
