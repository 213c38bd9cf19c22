// Finds Secrets that lack the keys which their type requires: the API server refuses them.

import { asObject, asString } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { offerValue } from '../fix.ts';

/** Keys that the API server demands. Source: validation of core/v1 Secret. For basic-auth one of two is enough. */
const required: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
};

export const secretTypeMismatch = objectCheck(
  {
    id: 'secret-type-mismatch',
    family: 'secrets',
    title: 'Typed Secrets have the keys of their type',
    leg: 'deployment',
    level: 1,
    owner: 'developer',
    severity: 'high',
    references: [{ framework: 'Kubernetes', id: 'Secret types' }],
    remediation: 'Add the missing keys, or use type Opaque.',
    minutes: 5,
  },
  {
    kinds: ['/Secret'],
    applies: ({ raw }) => required[asString(raw['type']) ?? ''] !== undefined,
    find: ({ name, raw }) => {
      const type = asString(raw['type']) ?? '';
      const present = { ...asObject(raw['data']), ...asObject(raw['stringData']) };
      const missing = (required[type] ?? []).filter((key) => present[key] === undefined);
      if (missing.length === 0) return undefined;
      return {
        message: `Secret "${name}" of type ${type} lacks ${missing.join(' and ')}: the API server refuses it`,
        path: ['type'],
        evidence: `keys: ${Object.keys(present).join(', ') || 'none'}`,
      };
    },
    fix: offerValue('Opaque', {
      id: 'opaque',
      title: 'Make it a Secret of no special type',
      consequence:
        'what looks for a Secret of the former type, such as an Ingress for its certificate, does not take it',
    }),
  },
);
