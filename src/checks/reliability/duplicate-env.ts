// Finds environment variables that are set twice in one container.

import { asArray, asObject, asString } from '../../model/index.ts';
import { containerCheck } from '../check.ts';

export const duplicateEnv = containerCheck(
  {
    id: 'duplicate-env',
    family: 'reliability',
    title: 'Each environment variable is set once',
    leg: 'deployment',
    level: 1,
    owner: 'developer',
    severity: 'low',
    references: [],
    remediation: 'Remove all but one of the entries.',
    minutes: 2,
  },
  {
    find: ({ name, raw, path }) => {
      const seen = new Set<string>();
      return asArray(raw['env']).flatMap((item, index) => {
        const variable = asString(asObject(item)['name']) ?? '';
        if (!seen.has(variable)) {
          seen.add(variable);
          return [];
        }
        return {
          message: `container "${name}" sets "${variable}" more than once: only the last one counts, and an apply may lose either`,
          path: [...path, 'env', index, 'name'],
          evidence: `env[${index}] repeats an earlier name`,
        };
      });
    },
    fix: ({ raw, path }) => {
      const names = asArray(raw['env']).map((item) => asObject(item)['name']);
      // The last entry of a name counts today; from the end, so that the places before stay.
      const lost = names.flatMap((name, index) => (names.lastIndexOf(name) > index ? [index] : [])).toReversed();
      return lost.map((index) => ({ op: 'remove', path: [...path, 'env', index] }) as const);
    },
  },
);
