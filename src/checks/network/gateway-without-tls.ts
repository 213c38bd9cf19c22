// Finds Gateways that listen for plain HTTP only.

import { asArray, asObject, asString } from '../../model/index.ts';
import { objectCheck } from '../check.ts';

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
  },
);
