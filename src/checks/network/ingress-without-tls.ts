// Finds hosts of an Ingress that are served without TLS.

import { asArray, asObject, asString } from '../../model/index.ts';
import { objectCheck } from '../check.ts';

/** True where the pattern is the host, or a wildcard for its first label. */
function isCovered(host: string, patterns: readonly string[]): boolean {
  return patterns.some(
    (pattern) => pattern === host || (pattern.startsWith('*.') && host.slice(host.indexOf('.')) === pattern.slice(1)),
  );
}

export const ingressWithoutTls = objectCheck(
  {
    id: 'ingress-without-tls',
    family: 'network',
    title: 'Ingresses use TLS for every host',
    leg: 'security',
    level: 2,
    owner: 'developer',
    severity: 'high',
    references: [
      { framework: 'CIS', id: '5.3.2' },
      { framework: 'NSA', id: 'TLS' },
    ],
    remediation: 'Add a tls entry with the hosts and the Secret of their certificate.',
    minutes: 20,
  },
  {
    kinds: ['networking.k8s.io/Ingress'],
    find: ({ name, raw }) => {
      const spec = asObject(raw['spec']);
      const tls = asArray(spec['tls']).map(asObject);
      if (tls.length === 0)
        return {
          message: `Ingress "${name}" serves plain HTTP: passwords and cookies can be read on the way`,
          path: ['spec', 'tls'],
          evidence: 'tls is not set',
        };
      // An entry without hosts covers whatever certificate the controller finds for the rules.
      if (tls.some(({ hosts }) => asArray(hosts).length === 0)) return undefined;
      const covered = tls.flatMap(({ hosts }) => asArray(hosts).flatMap((host) => asString(host) ?? []));
      return asArray(spec['rules']).flatMap((rule, index) => {
        const host = asString(asObject(rule)['host']);
        if (host === undefined || isCovered(host, covered)) return [];
        return {
          message: `Ingress "${name}" serves host "${host}" without TLS`,
          path: ['spec', 'rules', index, 'host'],
          evidence: `tls covers ${covered.join(', ')}`,
        };
      });
    },
  },
);
