// Finds Secrets whose values stand in the manifests.

import { asWritten } from '../../inventory/index.ts';
import { asObject, asString } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { offer, way } from '../fix.ts';

/** Types whose content is made by Kubernetes or is public in part. */
const made: ReadonlySet<string> = new Set(['kubernetes.io/service-account-token', 'helm.sh/release.v1']);
const placeholder = /^(?:\$\{.*\}|<.*>|\{\{.*\}\}|)$/s;

export const secretInManifest = objectCheck(
  {
    id: 'secret-in-manifest',
    family: 'secrets',
    title: 'Secret values are not kept beside the manifests',
    leg: 'security',
    level: 4,
    owner: 'developer',
    severity: 'medium',
    references: [
      { framework: 'CIS', id: '5.4.1' },
      { framework: 'OWASP', id: 'K08' },
      { framework: 'MITRE', id: 'T1552.001' },
    ],
    remediation: 'Fill the Secret from a secret store (External Secrets, Sealed Secrets, SOPS), and change the value.',
    minutes: 60,
  },
  {
    kinds: ['/Secret'],
    applies: (secret) => {
      const { raw, source } = asWritten(secret);
      return source.origin.kind !== 'cluster' && !made.has(asString(raw['type']) ?? '');
    },
    find: (secret) => {
      const { name, raw } = asWritten(secret);
      const values = ['data', 'stringData'].flatMap((field) =>
        Object.entries(asObject(raw[field])).map(([key, value]) => ({ field, key, value })),
      );
      const written = values.filter(({ value }) => typeof value === 'string' && !placeholder.test(value));
      const [first] = written;
      if (first === undefined || raw['sops'] !== undefined) return undefined;
      return {
        message: `the values of Secret "${name}" stand in the manifests: base64 is no encryption`,
        path: [first.field],
        evidence: `${written.length} ${written.length === 1 ? 'key' : 'keys'} with a value: ${written.map(({ key }) => key).join(', ')}`,
      };
    },
    fix: (secret) =>
      secret.source.origin.kind === 'cluster'
        ? undefined
        : offer(
            way(
              {
                id: 'keep-outside',
                title: `Take Secret "${secret.name}" out of the files, and keep it where nobody reads it along`,
                consequence: `pods that name it start once \`kubectl create secret generic ${secret.name}\`, or a secret store, has made it, with new values: these have been seen`,
              },
              { remove: [secret] },
            ),
          ),
  },
);
