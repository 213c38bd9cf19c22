// Finds Ingresses made for the ingress-nginx controller, which is no longer maintained.

import { asObject, asString } from '../../model/index.ts';
import { objectCheck } from '../check.ts';

function nginxAnnotation(annotations: Readonly<Record<string, unknown>>): string | undefined {
  return Object.keys(annotations).find((key) => key.startsWith('nginx.ingress.kubernetes.io/'));
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
    find: ({ name, raw }) => {
      const annotations = asObject(asObject(raw['metadata'])['annotations']);
      const ingressClass =
        asString(asObject(raw['spec'])['ingressClassName']) ?? asString(annotations['kubernetes.io/ingress.class']);
      const annotation = nginxAnnotation(annotations);
      if (annotation === undefined && ingressClass !== 'nginx') return undefined;
      return {
        message: `Ingress "${name}" is made for ingress-nginx, which gets no more security updates`,
        path: annotation === undefined ? ['spec', 'ingressClassName'] : ['metadata', 'annotations', annotation],
        evidence: annotation === undefined ? 'the class is nginx' : `annotation ${annotation}`,
      };
    },
  },
);
