// Finds hosts of an Ingress that are served without TLS.

import { asArray, asObject, asString, type Edit, type Json, type JsonObject, valueAt } from '../../model/index.ts';
import { objectCheck, type Choice } from '../check.ts';
import { asking, offer } from '../fix.ts';
import { nameOf } from '../questions.ts';

/** True where the pattern is the host, or a wildcard for its first label. */
function isCovered(host: string, patterns: readonly string[]): boolean {
  return patterns.some(
    (pattern) => pattern === host || (pattern.startsWith('*.') && host.slice(host.indexOf('.')) === pattern.slice(1)),
  );
}

function hostsOf(spec: JsonObject): Json[] {
  const hosts = asArray(spec['rules']).flatMap((rule) => asObject(rule)['host'] ?? []);
  return [...new Set([hosts].flat())];
}

function tlsWays(ingress: string, hosts: readonly Json[]): Choice[] {
  const entry = (secretName: string): Edit => ({ op: 'add', path: ['spec', 'tls'], values: [{ hosts, secretName }] });
  return [
    asking(
      {
        id: 'name-secret',
        title: 'Serve HTTPS with a certificate that you keep in a Secret',
        consequence:
          'until the Secret is there, the controller serves a certificate of its own, at which browsers warn',
      },
      nameOf('Secret of the certificate', 'shop-tls'),
      (answer) => [entry(answer)],
    ),
    asking(
      {
        id: 'name-issuer',
        title: 'Let cert-manager order and renew the certificate',
        consequence: 'cert-manager and the ClusterIssuer must be in the cluster; the hosts must lead to it',
      },
      nameOf('ClusterIssuer of cert-manager', 'letsencrypt'),
      (answer) => [
        { op: 'set', path: ['metadata', 'annotations', 'cert-manager.io/cluster-issuer'], value: answer },
        entry(`${ingress}-tls`),
      ],
    ),
  ];
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
    fix: ({ name, raw }, { path = [] }) => {
      const spec = asObject(raw['spec']);
      const hosts = path.at(-1) === 'host' ? [valueAt(raw, path) ?? ''] : hostsOf(spec);
      if (hosts.length === 0) return undefined;
      return offer(...tlsWays(name, hosts));
    },
  },
);
