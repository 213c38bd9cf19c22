// Finds Ingresses made for the ingress-nginx controller, which is no longer maintained.

import type { Inventory } from '../../inventory/index.ts';
import { asObject, asString } from '../../model/index.ts';
import { objectCheck } from '../check.ts';

function nginxAnnotation(annotations: Readonly<Record<string, unknown>>): string | undefined {
  return Object.keys(annotations).find((key) => key.startsWith('nginx.ingress.kubernetes.io/'));
}

const retired = 'k8s.io/ingress-nginx';

function controllerOf(inventory: Inventory, name: string | undefined): string | undefined {
  const ingressClass = inventory.glimpse('networking.k8s.io/IngressClass').find((each) => each.name === name);
  return asString(asObject(ingressClass?.raw['spec'])['controller']);
}

export const ingressNginxRetired = objectCheck(
  {
    id: 'ingress-nginx-retired',
    family: 'network',
    title: 'The ingress controller is maintained',
    leg: 'security',
    level: 2,
    owner: 'cluster-administrator',
    severity: 'medium',
    references: [{ framework: 'Kubernetes', id: 'Ingress NGINX retirement' }],
    remediation: 'Move to a maintained controller, best through the Gateway API.',
    minutes: 240,
  },
  {
    kinds: ['networking.k8s.io/Ingress'],
    find: ({ name, raw }, { inventory }) => {
      const annotations = asObject(asObject(raw['metadata'])['annotations']);
      const ingressClass =
        asString(asObject(raw['spec'])['ingressClassName']) ?? asString(annotations['kubernetes.io/ingress.class']);
      const annotation = nginxAnnotation(annotations);
      // A class of the cluster says which controller it is for; its name only suggests it.
      const controller = controllerOf(inventory, ingressClass);
      if (controller === undefined ? annotation === undefined && ingressClass !== 'nginx' : controller !== retired)
        return undefined;
      return {
        message: `Ingress "${name}" is made for ingress-nginx, which gets no more security updates`,
        path: annotation === undefined ? ['spec', 'ingressClassName'] : ['metadata', 'annotations', annotation],
        evidence: annotation === undefined ? `the class is ${ingressClass ?? 'nginx'}` : `annotation ${annotation}`,
      };
    },
  },
);
