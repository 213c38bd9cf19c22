// The published edits: a text before, the edits, and the text after, byte for byte.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { editText } from '../../src/fixes/index.ts';
import { parseYaml, splitDocuments } from '../../src/kube/yaml/index.ts';
import { type Edit, isJsonObject, type Json } from '../../src/model/index.ts';
import { sharedFile } from './shared-folder.ts';

interface Published {
  readonly op: 'set' | 'append' | 'remove';
  readonly document: number;
  readonly path: string;
  readonly value?: Json;
}

const folder = sharedFile('edits of manifests', 'exams/fixes');

function toEdit({ op, path, value = null }: Published): Edit {
  const steps = [...path.matchAll(/([^.[\]]+)|\[(\d+)\]/g)].map(([, key, index]) => key ?? Number(index));
  if (op === 'append') return { op: 'add', path: steps, values: value as readonly Json[] };
  return op === 'set' ? { op, path: steps, value } : { op, path: steps };
}

describe.skipIf(folder === undefined)('the published edits of manifests', () => {
  for (const name of folder === undefined ? [] : readdirSync(folder))
    it(`${name} is edited byte for byte`, () => {
      const read = (file: string) => readFileSync(join(folder ?? '', name, file), 'utf8');
      let text = read('before.yaml');
      const { edits } = JSON.parse(read('edit.json')) as { edits: Published[] };
      for (const edit of edits) {
        const range = splitDocuments(text)[edit.document] ?? { start: 0, end: text.length };
        const result = editText(text, { ...range, document: 0, within: [] }, [toEdit(edit)]);
        expect(result).toMatchObject({ ok: true });
        if (result.ok) ({ text } = result);
      }
      expect(text).toBe(read('after.yaml'));
    });
});

const apps = sharedFile('edits of real apps', 'apps');

function yamlFiles(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.ya?ml$/.test(file))
    .map((file) => join(root, file));
}

describe.skipIf(apps === undefined)('the files of real apps', () => {
  it('keep every line when a field comes, and every byte when it goes again', () => {
    let count = 0;
    const refused: string[] = [];
    for (const file of apps === undefined ? [] : yamlFiles(apps)) {
      const text = readFileSync(file, 'utf8');
      for (const range of splitDocuments(text)) {
        const parsed = parseYaml(text, range);
        const root = parsed.ok ? parsed.parsed.values[0] : undefined;
        if (!isJsonObject(root) || !isJsonObject(root['metadata'])) continue;
        count += 1;
        const path = ['metadata', 'nowwhat-test'];
        const place = { ...range, document: 0, within: [] };
        const more = editText(text, place, [{ op: 'set', path, value: { a: [1, 'no'] } }]);
        const less = more.ok ? editText(more.text, more.place, [{ op: 'remove', path }]) : more;
        if (!less.ok) refused.push(`${file}: ${less.reason}`);
        else expect(less.text).toBe(text);
      }
    }
    expect(count).toBeGreaterThan(100);
    expect(refused).toEqual([]);
  });
});
