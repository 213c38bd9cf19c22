// Finds annotations that put raw configuration into the ingress controller.

import { asObject } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { offer, removeWhole, way } from '../fix.ts';

const snippet = /^nginx\.(?:ingress\.kubernetes\.io|org)\/.*snippets?$/;

export const ingressSnippet = objectCheck(
  {
    id: 'ingress-snippet',
    family: 'network',
    title: 'Ingresses inject no proxy configuration',
    leg: 'security',
    level: 3,
    owner: 'developer',
    severity: 'high',
    references: [{ framework: 'MITRE', id: 'T1059' }],
    remediation: 'Remove the snippet annotations and use the options made for the purpose.',
    minutes: 30,
  },
  {
    kinds: ['networking.k8s.io/Ingress'],
    find: ({ name, raw }) =>
      Object.keys(asObject(asObject(raw['metadata'])['annotations']))
        .filter((key) => snippet.test(key))
        .map((key) => ({
          message: `Ingress "${name}" writes raw configuration into the controller: who can edit it can read every Secret the controller can`,
          path: ['metadata', 'annotations', key],
          evidence: `annotation ${key}`,
        })),
    fix: ({ raw }, { path = [] }) =>
      offer(
        way(
          {
            id: 'remove-snippet',
            title: 'Remove the snippet',
            consequence: 'what it set up, such as a header or a redirect, is gone until an option made for it is used',
          },
          [removeWhole(raw, path, ['metadata'])],
        ),
      ),
  },
);
