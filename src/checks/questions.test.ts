// What is taken for an answer, and what is said of one that is none.

import { describe, expect, it } from 'vitest';
import type { Question } from './check.ts';
import {
  addressRange,
  amountOf,
  cronSchedule,
  durationOf,
  hostName,
  nameOf,
  numberOf,
  userNumber,
  webAddress,
} from './questions.ts';

const cases: readonly (readonly [Question, readonly string[], readonly string[]])[] = [
  [amountOf('memory limit', '256Mi'), ['1', '0.5', '64Mi', '2e3'], ['', '0', 'much', '-1Gi', '64 MB']],
  [numberOf('pods', 3, 2, 9), ['2', '9'], ['1', '10', '2.5', '-3', '', '3x']],
  [userNumber, ['1', '65532'], ['0', 'root', '4294967296']],
  [nameOf('Secret', 'tls'), ['tls', 'shop.tls'], ['', 'Tls', 'a b', '-a']],
  [hostName, ['shop.example.com', '*.example.com'], ['shop', 'Shop.example.com', 'a b.c', '*.']],
  [cronSchedule, ['0 3 * * *', '@daily'], ['', 'daily', '0 3 * *']],
  [addressRange, ['10.0.0.0/8', '2001:db8::/32'], ['10.0.0.1.2', 'everybody', '10.0.0.0/40']],
  [durationOf('retention', '720h'), ['5m', '1h30m'], ['', '5', 'a week']],
  [webAddress, ['https://wiki.example.com/a?b=c'], ['wiki.example.com', 'https://', 'ftp://a', 'https://a b']],
];

describe.each(cases.map((each) => [each[0].what, each] as const))('the question for %s', (_, [question, good, bad]) => {
  it('takes its own example, and answers of that form', () => {
    for (const answer of [question.example, ...good])
      expect([answer, question.problem?.(answer)]).toEqual([answer, undefined]);
  });

  it('says what is wrong with another', () => {
    for (const answer of bad)
      expect([answer, question.problem?.(answer)]).toEqual([answer, expect.stringMatching(/^\S.*[^.]$/)]);
  });
});
