// Finds servers of Istio gateways that serve plain HTTP without a redirect.

import type { Inventory } from '../../inventory/index.ts';
import { asArray, asObject, asString, type Json } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { offer, way } from '../fix.ts';

const challenge = '/.well-known/acme-challenge/';

function isChallenge(match: Json): boolean {
  const paths = Object.values(asObject(asObject(match)['uri']));
  return paths.length > 0 && paths.every((path) => asString(path)?.startsWith(challenge) === true);
}

function answersChallenge(route: Json): boolean {
  const matches = asArray(asObject(route)['match']);
  return matches.length > 0 && matches.every(isChallenge);
}

/** Names of gateways as routes write them, with whether all that they lead to is the challenge of a certificate authority, which only asks over HTTP (RFC 8555, 8.3). */
function challengeGateways(inventory: Inventory): ReadonlyMap<string, boolean> {
  const gateways = new Map<string, boolean>();
  for (const { namespace, raw } of inventory.ofKind('networking.istio.io/VirtualService')) {
    const { gateways: names, http } = asObject(raw['spec']);
    const only = asArray(http).length > 0 && asArray(http).every(answersChallenge);
    for (const name of asArray(names).flatMap((each) => asString(each) ?? [])) {
      const key = name.includes('/') ? name : `${namespace}/${name}`;
      gateways.set(key, only && gateways.get(key) !== false);
    }
  }
  return gateways;
}

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
    applies: ({ namespace, name }, { inventory }) =>
      inventory.derive(challengeGateways).get(`${namespace}/${name}`) !== true,
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
