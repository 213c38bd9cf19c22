// Finds Secrets that ask Kubernetes for a token without an end.

import { readLabels } from '../../inventory/index.ts';
import { asObject } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { rbacMeta } from './rbac-meta.ts';

export const tokenSecretType = 'kubernetes.io/service-account-token';
export const accountAnnotation = 'kubernetes.io/service-account.name';

export const longLivedTokenSecret = objectCheck(
  rbacMeta({
    id: 'long-lived-token-secret',
    title: 'Tokens of service accounts expire',
    level: 2,
    severity: 'high',
    references: [
      { framework: 'MITRE', id: 'T1528' },
      { framework: 'OWASP', id: 'K03' },
    ],
    remediation:
      'Remove the Secret: pods get short-lived tokens by themselves, others ask for one with kubectl create token.',
    minutes: 30,
  }),
  {
    kinds: ['/Secret'],
    // Before 1.24 Kubernetes made such a Secret for every account by itself.
    applies: ({ raw }, { options }) => raw['type'] === tokenSecretType && options.minor >= 24,
    find: ({ name, raw }) => {
      const account = readLabels(asObject(raw['metadata'])['annotations'])[accountAnnotation];
      if (account === undefined)
        return {
          message: `Secret "${name}" asks for a token and names no account: the API server refuses it`,
          path: ['metadata', 'annotations'],
          evidence: `type is ${tokenSecretType}; annotation ${accountAnnotation} is not set`,
        };
      return {
        message: `Secret "${name}" holds a token of account "${account}" that never expires and works from anywhere: whoever reads it once is that account until it is deleted`,
        path: ['type'],
        evidence: `type is ${tokenSecretType}`,
      };
    },
  },
);
