// The exam of the fast path of reading: all YAML of the shared folder, as it is and with small mistakes, agrees with the full parser.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkAgreement } from '../yaml/agreement.ts';
import { mutationsOf } from '../yaml/yaml-texts.ts';
import { parseFully } from '../../src/kube/yaml/parse-yaml.ts';
import { splitDocuments } from '../../src/kube/yaml/index.ts';
import { sharedFolder } from './shared-folder.ts';

const folder = sharedFolder();
if (folder === undefined) process.stdout.write('skipped: exam of the fast path of reading: no shared folder\n');

function findDocuments(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.ya?ml$/.test(file))
    .flatMap((file) => {
      const text = readFileSync(join(root, file), 'utf8');
      return splitDocuments(text).map(({ start, end }) => text.slice(start, end));
    });
}

test.skipIf(folder === undefined)('it agrees on every document, answers for nearly all, and agrees on mistakes', () => {
  const documents = findDocuments(folder ?? '');
  const readable = documents.filter((text) => parseFully(text).ok);
  const answered = documents.filter((text) => checkAgreement(text));
  const share = Math.round((1000 * answered.length) / readable.length) / 10;
  process.stdout.write(`YAML fast path: ${documents.length} documents, ${share} % of the readable ones answered\n`);
  expect(documents.length).toBeGreaterThan(100);
  expect(share).toBeGreaterThan(90);
  fc.assert(
    fc.property(fc.constantFrom(...documents.filter(({ length }) => length < 20_000)).chain(mutationsOf), (text) => {
      checkAgreement(text);
    }),
    { numRuns: 5000 },
  );
});
