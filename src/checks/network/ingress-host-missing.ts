// Finds rules of an Ingress that answer for every host name.

import { asArray, asObject, asString } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { asking, offer } from '../fix.ts';
import { hostName } from '../questions.ts';

export const ingressHostMissing = objectCheck(
  {
    id: 'ingress-host-missing',
    family: 'network',
    title: 'Ingress rules name their host',
    leg: 'security',
    level: 3,
    owner: 'developer',
    severity: 'low',
    references: [],
    remediation: 'Set a host on each rule.',
    minutes: 5,
  },
  {
    kinds: ['networking.k8s.io/Ingress'],
    find: ({ name, raw }) =>
      asArray(asObject(raw['spec'])['rules']).flatMap((rule, index) => {
        const host = asString(asObject(rule)['host']) ?? '';
        if (host !== '' && host !== '*') return [];
        return {
          message: `a rule of Ingress "${name}" answers for every host name, also for those of other apps`,
          path: ['spec', 'rules', index],
          evidence: 'host is not set',
        };
      }),
    fix: (_ingress, { path = [] }) =>
      offer(
        asking(
          {
            id: 'name-host',
            title: 'Answer for one host',
            consequence: 'requests for other names, and for the bare address, are not answered by this rule any more',
          },
          hostName,
          (answer) => [{ op: 'set', path: [...path, 'host'], value: answer }],
        ),
      ),
  },
);
