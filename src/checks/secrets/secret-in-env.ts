// Finds secrets written out in environment variables.

import { asArray, asObject, asString, valueAt } from '../../model/index.ts';
import { findSecretText } from './find-secret-text.ts';
import { containerCheck } from '../check.ts';
import { asking, offer } from '../fix.ts';
import { configMapKeyProblem } from '../../kube/names.ts';
import { howToMake, secretName, variableFrom } from './refer-to-secret.ts';

export const secretInEnv = containerCheck(
  {
    id: 'secret-in-env',
    family: 'secrets',
    title: 'No secret stands in an environment variable',
    leg: 'security',
    level: 4,
    owner: 'developer',
    severity: 'high',
    references: [
      { framework: 'CIS', id: '5.4.1' },
      { framework: 'OWASP', id: 'K08' },
      { framework: 'MITRE', id: 'T1552.007' },
    ],
    remediation: 'Move the value into a Secret from a secret store, change it, and refer to it.',
    minutes: 20,
  },
  {
    applies: ({ raw }) => asArray(raw['env']).length > 0,
    find: ({ name, raw, path }) =>
      asArray(raw['env']).flatMap((item, index) => {
        const variable = asString(asObject(item)['name']) ?? '';
        const found = findSecretText(variable, asString(asObject(item)['value']) ?? '');
        if (found === undefined) return [];
        return {
          message: `variable "${variable}" of container "${name}" holds ${found.kind} in plain sight`,
          path: [...path, 'env', index, 'value'],
          evidence: 'recognised by the name of the variable or the form of the value, which is not shown',
        };
      }),
    fix: (container, { path = [] }, workload) => {
      const at = path.slice(0, -1);
      const name = asString(asObject(valueAt(workload.object.raw, at))['name']) ?? '';
      if (configMapKeyProblem(name) !== undefined) return undefined;
      return offer(
        asking(
          {
            id: 'refer-to-secret',
            leavesOpen: ['secret-as-env'],
            title: `Read ${name} from a Secret, and take the value out of the file`,
            consequence: howToMake(name, workload),
          },
          secretName,
          (answer) => [{ op: 'set', path: at, value: variableFrom(answer, name, name) }],
        ),
      );
    },
  },
);
