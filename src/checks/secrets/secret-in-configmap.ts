// Finds secrets in ConfigMaps, also inside of settings files.

import { asObject, asString } from '../../model/index.ts';
import { findSecretInFile, findSecretText } from './find-secret-text.ts';
import { objectCheck } from '../check.ts';

export const secretInConfigmap = objectCheck(
  {
    id: 'secret-in-configmap',
    family: 'secrets',
    title: 'No secret stands in a ConfigMap',
    leg: 'security',
    level: 4,
    owner: 'developer',
    severity: 'high',
    references: [
      { framework: 'CIS', id: '5.4.1' },
      { framework: 'OWASP', id: 'K08' },
    ],
    remediation: 'Move the value into a Secret from a secret store, and change it.',
    minutes: 20,
  },
  {
    kinds: ['/ConfigMap'],
    find: ({ name, raw }) =>
      Object.entries(asObject(raw['data'])).flatMap(([key, value]) => {
        const text = asString(value) ?? '';
        const found = text.includes('\n') ? findSecretInFile(key, text) : findSecretText(key, text);
        if (found === undefined) return [];
        const { line = key } = found;
        const where = line === key ? '' : ` (setting "${line}")`;
        return {
          message: `ConfigMap "${name}" holds ${found.kind} under "${key}"${where}`,
          path: ['data', key],
          evidence: 'recognised by its name or form; the value is not shown',
        };
      }),
  },
);
