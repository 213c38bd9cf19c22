import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { unquote } from './unquote.ts';

const environment = { HOME: '/home/ann', STORE: 's3://kept' };

it.each([
  ['~/kept', '/home/ann/kept'],
  ['~', '/home/ann'],
  ['~bob/kept', '~bob/kept'],
  ['$STORE/a', 's3://kept/a'],
  ['"${STORE}/a b"', 's3://kept/a b'],
  ["'$STORE'", '$STORE'],
  [String.raw`a\ b\$c`, 'a b$c'],
  [String.raw`it\'s`, "it's"],
  [String.raw`"a\b\"c"`, String.raw`a\b"c`],
  ['"open to the e', 'open to the e'],
  ["'open", 'open'],
  ['$nowhere', ''],
  ['$(touch x)', '$(touch x)'],
  ['--store=./kept', '--store=./kept'],
  ['', ''],
])('%s is %s', (word, expected) => {
  expect(unquote(word, environment)).toBe(expected);
});

it('is what bash makes of the word', () => {
  const piece = fc.constantFrom(
    'a',
    '\\ ',
    '\\\\',
    "\\'",
    "'x \\y'",
    '"p $STORE\\"q\\z"',
    '\\$',
    '${STORE}',
    '$STORE',
    '=',
    ':',
    'é',
  );
  const words = fc.array(piece, { minLength: 1, maxLength: 8 }).map((pieces) => pieces.join(''));
  const samples = fc.sample(words, 100);
  const script = samples.map((word) => `printf '%s\\0' ${word}`).join('\n');
  const env = { ...environment, PATH: process.env['PATH'] ?? '' };
  const answer = execFileSync('bash', ['-c', script], { env, encoding: 'utf8' });
  expect(samples.map((word) => unquote(word, env))).toEqual(answer.split('\0').slice(0, -1));
});
