// Finds Secrets that are handed to programs as environment variables.

import { asArray, asObject, type Diagnostic, type Json, type Path } from '../../model/index.ts';
import { containerCheck } from '../check.ts';

function usesOf(list: Json | undefined, path: Path, reads: (item: Json) => boolean): Path[] {
  return asArray(list).flatMap((item, index) => (reads(item) ? [[...path, index]] : []));
}

export const secretAsEnv = containerCheck(
  {
    id: 'secret-as-env',
    family: 'secrets',
    title: 'Secrets reach programs as files',
    leg: 'security',
    level: 4,
    owner: 'developer',
    severity: 'low',
    references: [{ framework: 'CIS', id: '5.4.1' }],
    remediation: 'Mount the Secret as a file, where the program can read one.',
    minutes: 30,
  },
  {
    find: ({ name, raw, path }): Diagnostic | undefined => {
      const single = usesOf(
        raw['env'],
        [...path, 'env'],
        (item) => asObject(asObject(item)['valueFrom'])['secretKeyRef'] !== undefined,
      );
      const whole = usesOf(raw['envFrom'], [...path, 'envFrom'], (item) => asObject(item)['secretRef'] !== undefined);
      const [first] = [...whole, ...single];
      if (first === undefined) return undefined;
      return {
        message: `container "${name}" gets ${whole.length > 0 ? 'every key of a Secret' : 'Secrets'} as environment variables, which end up in crash reports and child processes`,
        path: first,
        evidence: `${whole.length} envFrom and ${single.length} env entries refer to Secrets`,
      };
    },
  },
);
