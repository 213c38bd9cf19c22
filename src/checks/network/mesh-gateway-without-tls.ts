// Finds servers of Istio gateways that serve plain HTTP without a redirect.

import { asArray, asObject, asString } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { offer, way } from '../fix.ts';

export const meshGatewayWithoutTls = objectCheck(
  {
    id: 'mesh-gateway-without-tls',
    family: 'network',
    title: 'Mesh gateways redirect HTTP to HTTPS',
    leg: 'security',
    level: 2,
    owner: 'developer',
    severity: 'high',
    references: [{ framework: 'NSA', id: 'TLS' }],
    remediation: 'Add an HTTPS server, and set tls.httpsRedirect on the HTTP one.',
    minutes: 20,
  },
  {
    kinds: ['networking.istio.io/Gateway'],
    find: ({ name, raw }) =>
      asArray(asObject(raw['spec'])['servers']).flatMap((item, index) => {
        const server = asObject(item);
        const protocol = asString(asObject(server['port'])['protocol'])?.toUpperCase();
        if (protocol !== 'HTTP' || asObject(server['tls'])['httpsRedirect'] === true) return [];
        return {
          message: `gateway "${name}" serves plain HTTP: passwords and cookies can be read on the way`,
          path: ['spec', 'servers', index],
          evidence: 'protocol is HTTP and tls.httpsRedirect is not set',
        };
      }),
    fix: (_gateway, { path = [] }) =>
      offer(
        way(
          {
            id: 'redirect',
            title: 'Send callers from HTTP to HTTPS',
            consequence: 'where the gateway has no HTTPS server, nobody is served',
          },
          [{ op: 'set', path: [...path, 'tls', 'httpsRedirect'], value: true }],
        ),
      ),
  },
);
