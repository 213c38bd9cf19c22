// Finds Ingresses that leave their controller to chance.

import { asObject, asString } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { asking, offer, way } from '../fix.ts';
import { nameOf } from '../questions.ts';

export const ingressClassMissing = objectCheck(
  {
    id: 'ingress-class-missing',
    family: 'network',
    title: 'Ingresses name their class',
    leg: 'deployment',
    level: 1,
    owner: 'developer',
    severity: 'low',
    references: [],
    remediation: 'Set spec.ingressClassName to the class of the target cluster.',
    minutes: 5,
  },
  {
    kinds: ['networking.k8s.io/Ingress'],
    find: ({ name, raw }) => {
      const annotation = asObject(asObject(raw['metadata'])['annotations'])['kubernetes.io/ingress.class'];
      if ((asString(asObject(raw['spec'])['ingressClassName']) ?? '') !== '' || annotation !== undefined)
        return undefined;
      return {
        message: `Ingress "${name}" names no class: without a default class nobody serves it`,
        path: ['spec', 'ingressClassName'],
        evidence: 'neither ingressClassName nor the former annotation is set',
      };
    },
    fix: (_ingress, { path = [] }, { inventory }) => {
      const classes = inventory.ofKind('networking.k8s.io/IngressClass').map(({ name }) => name);
      const [only, other] = classes;
      if (only !== undefined && other === undefined) return [{ op: 'set', path, value: only }];
      return offer(
        ...classes.map((name) =>
          way(
            {
              id: `class-${name}`,
              title: `Let ${name} serve it`,
              consequence: 'the controllers of the other classes leave it alone',
            },
            [{ op: 'set', path, value: name }],
          ),
        ),
        asking(
          {
            id: 'name-class',
            title: 'Name the class of the target cluster',
            consequence: 'where the cluster has no such class, nobody serves it',
          },
          nameOf('ingress class of the target cluster', 'traefik'),
          (answer) => [{ op: 'set', path, value: answer }],
        ),
      );
    },
  },
);
