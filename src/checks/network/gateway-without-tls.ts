// Finds Gateways that listen for plain HTTP only.

import { asArray, asObject, asString } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { asking, offer } from '../fix.ts';
import { nameOf } from '../questions.ts';

export const gatewayWithoutTls = objectCheck(
  {
    id: 'gateway-without-tls',
    family: 'network',
    title: 'Gateways serve HTTPS',
    leg: 'security',
    level: 2,
    owner: 'developer',
    severity: 'high',
    references: [{ framework: 'NSA', id: 'TLS' }],
    remediation: 'Add an HTTPS listener with certificateRefs, and keep HTTP for the redirect only.',
    minutes: 20,
  },
  {
    kinds: ['gateway.networking.k8s.io/Gateway'],
    find: ({ name, raw }) => {
      const protocols = asArray(asObject(raw['spec'])['listeners']).map((listener) =>
        asString(asObject(listener)['protocol']),
      );
      if (!protocols.includes('HTTP') || protocols.includes('HTTPS')) return undefined;
      return {
        message: `Gateway "${name}" serves plain HTTP only: passwords and cookies can be read on the way`,
        path: ['spec', 'listeners'],
        evidence: 'there is an HTTP listener and no HTTPS listener',
      };
    },
    fix: ({ raw }, { path = [] }) => {
      const listeners = asArray(asObject(raw['spec'])['listeners']).map(asObject);
      const http = listeners.find(({ protocol }) => protocol === 'HTTP') ?? {};
      const isTaken = listeners.some(({ name, port }) => name === 'https' || port === 443);
      if (isTaken) return undefined;
      return offer(
        asking(
          {
            id: 'name-certificate',
            title: 'Serve HTTPS besides, with a certificate of a Secret',
            consequence: 'HTTP goes on as before: routes must be attached to the new listener, and HTTP be sent there',
          },
          nameOf('Secret of the certificate', 'shop-tls'),
          (answer) => [
            {
              op: 'add',
              path,
              values: [
                {
                  ...http,
                  name: 'https',
                  port: 443,
                  protocol: 'HTTPS',
                  tls: { mode: 'Terminate', certificateRefs: [{ name: answer }] },
                },
              ],
            },
          ],
        ),
      );
    },
  },
);
