// Finds mesh settings that let unauthenticated clients in.

import { asObject, asString } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { offerValue } from '../fix.ts';

export const meshMtlsNotStrict = objectCheck(
  {
    id: 'mesh-mtls-not-strict',
    family: 'network',
    title: 'Connections inside the mesh are mutually authenticated',
    leg: 'security',
    level: 4,
    owner: 'cluster-administrator',
    severity: 'medium',
    references: [{ framework: 'NSA', id: 'TLS' }],
    remediation: 'Set mtls.mode to STRICT once every client has a sidecar.',
    minutes: 30,
  },
  {
    kinds: ['security.istio.io/PeerAuthentication'],
    find: ({ name, raw }) => {
      const mode = asString(asObject(asObject(raw['spec'])['mtls'])['mode']);
      if (mode !== 'PERMISSIVE' && mode !== 'DISABLE') return undefined;
      return {
        message: `"${name}" lets pods without a mesh identity connect`,
        path: ['spec', 'mtls', 'mode'],
        evidence: `mtls.mode is ${mode}`,
      };
    },
    fix: offerValue('STRICT', {
      id: 'strict',
      title: 'Let nobody connect without a mesh identity',
      consequence: 'pods without a sidecar, and callers from outside that pass the ingress gateway by, are refused',
    }),
  },
);
