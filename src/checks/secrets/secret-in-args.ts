// Finds secrets written out in commands and arguments.

import { asArray, asString, type Diagnostic } from '../../model/index.ts';
import { findSecretText } from './find-secret-text.ts';
import { containerCheck } from '../check.ts';

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
  },
);
