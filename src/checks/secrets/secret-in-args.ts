// Finds secrets written out in commands and arguments.

import { asArray, asString, type Diagnostic, valueAt } from '../../model/index.ts';
import { findSecretText } from './find-secret-text.ts';
import { containerCheck } from '../check.ts';
import { asking, offer } from '../fix.ts';
import { freeVariable, howToMake, secretName, variableFrom } from './refer-to-secret.ts';

const flag = /^--?([A-Za-z][\w.-]*)(?:=(.*))?$/s;

/** What each word of a command line is called: its own flag, or the flag before it. */
function nameWords(words: readonly string[]): { readonly name: string; readonly value: string }[] {
  return words.map((word, index) => {
    const own = flag.exec(word);
    if (own?.[1] !== undefined) return { name: own[1], value: own[2] ?? '' };
    const before = flag.exec(words[index - 1] ?? '');
    return { name: before !== null && before[2] === undefined ? (before[1] ?? '') : '', value: word };
  });
}

export const secretInArgs = containerCheck(
  {
    id: 'secret-in-args',
    family: 'secrets',
    title: 'No secret stands on a command line',
    leg: 'security',
    level: 4,
    owner: 'developer',
    severity: 'high',
    references: [
      { framework: 'CIS', id: '5.4.1' },
      { framework: 'OWASP', id: 'K08' },
    ],
    remediation: 'Let the program read the secret from a file or a variable that refers to a Secret.',
    minutes: 20,
  },
  {
    find: ({ name, raw, path }) =>
      ['command', 'args'].flatMap((field) =>
        nameWords(asArray(raw[field]).map((word) => asString(word) ?? '')).flatMap((word, index): Diagnostic[] => {
          const found = findSecretText(word.name, word.value);
          if (found === undefined) return [];
          const message = `the ${field === 'args' ? 'arguments' : 'command'} of container "${name}" hold ${found.kind} in plain sight`;
          return [{ message, path: [...path, field, index], evidence: `word ${index + 1}; the value is not shown` }];
        }),
      ),
    fix: (container, { path = [] }, workload) => {
      const word = asString(valueAt(container.raw, path.slice(container.path.length))) ?? '';
      const [, option, value] = /^(--?[A-Za-z][\w.-]*=)(.*)$/s.exec(word) ?? [undefined, '', word];
      const before = asString(
        valueAt(container.raw, [...path.slice(container.path.length, -1), Number(path.at(-1)) - 1]),
      );
      // Part of a word, such as a password in an address, cannot be told from the rest of it.
      if (value === undefined || /[\s:/@;&$]/.test(value)) return undefined;
      const variable = freeVariable((option || (before ?? '')).replace(/^-+|=$/g, ''), container);
      return offer(
        asking(
          {
            id: 'refer-to-secret',
            leavesOpen: ['secret-as-env'],
            title: `Read it from a Secret into ${variable}, and write $(${variable}) in its place`,
            consequence: howToMake(variable, workload),
          },
          secretName,
          (answer) => [
            { op: 'set', path, value: `${option}$(${variable})` },
            { op: 'add', path: [...container.path, 'env'], values: [variableFrom(answer, variable, variable)] },
          ],
        ),
      );
    },
  },
);
