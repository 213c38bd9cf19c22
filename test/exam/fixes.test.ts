// The published edits: a text before, the edits, and the text after, byte for byte.

import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { editFiles, editText } from '../../src/fixes/index.ts';
import { snapshotOf } from '../../src/inventory/snapshot-builder.ts';
import { parseYaml, splitDocuments } from '../../src/kube/yaml/index.ts';
import { type Change, type Edit, isJsonObject, type Json, type Snapshot } from '../../src/model/index.ts';
import { nowwhat } from '../e2e/run-cli.ts';
import { sharedFile } from './shared-folder.ts';

interface Published {
  readonly op: 'set' | 'append' | 'remove';
  readonly document: number;
  readonly path: string;
  readonly value?: Json;
}

interface Answer {
  readonly written: boolean;
  readonly files: readonly { readonly file: string; readonly diff: string }[];
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

/** The objects of the text, with the documents that they stand in; several edits of one object are one change. */
function changesIn(text: string, edits: readonly Published[]): { snapshot: Snapshot; changes: Change[] } {
  const snapshot = snapshotOf(text);
  const ranges = splitDocuments(text);
  const changes = edits.map((edit): Change => {
    const object = snapshot.objects.find(({ source }) => source.start === ranges[edit.document]?.start);
    if (object === undefined) throw new Error(`document ${edit.document} holds no object`);
    return { edits: [{ object, edits: [toEdit(edit)] }], create: [] };
  });
  return { snapshot, changes };
}

describe.skipIf(folder === undefined)('the published edits of manifests, as changes of objects', () => {
  for (const name of folder === undefined ? [] : readdirSync(folder))
    it(`${name} is edited byte for byte, and that once`, () => {
      const read = (file: string) => readFileSync(join(folder ?? '', name, file), 'utf8');
      const { edits } = JSON.parse(read('edit.json')) as { edits: Published[] };
      const { snapshot, changes } = changesIn(read('before.yaml'), edits);
      const { files, refused } = editFiles(snapshot, changes);
      expect(refused).toEqual([]);
      expect(files.map(({ after }) => after)).toEqual([read('after.yaml')]);
      // An item that is removed makes room for the next one: done again it takes that.
      if (edits.some(({ op, path }) => op === 'remove' && path.endsWith(']'))) return;
      const again = changesIn(read('after.yaml'), edits);
      expect(editFiles(again.snapshot, again.changes).files).toEqual([]);
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

/** Apps of which no file is part of a chart or a kustomization. */
const plainApps = ['bookinfo', 'guestbook', 'voting-app'];

function textsIn(folder: string): Map<string, string> {
  return new Map(yamlFiles(folder).map((file) => [file, readFileSync(file, 'utf8')]));
}

describe.skipIf(apps === undefined)('fix --write on real apps', () => {
  it.each(plainApps)(
    '%s: keeps every line that its diff does not name, and has nothing to do the second time',
    (name) => {
      const copy = join(mkdtempSync(join(tmpdir(), 'nowwhat-apps-')), name);
      try {
        cpSync(join(apps ?? '', name), copy, { recursive: true });
        const before = textsIn(copy);
        const answer = JSON.parse(nowwhat(['fix', copy, '--write', '-o', 'json']).out) as Answer;
        expect(answer).toMatchObject({ written: true, proof: { opened: [] } });
        const named = new Set(answer.files.map(({ file }) => file));
        for (const [file, text] of before) {
          const after = readFileSync(file, 'utf8');
          if (!named.has(file)) expect(after).toBe(text);
          const removed = answer.files.flatMap(({ diff }) => diff.split('\n').filter((line) => /^-(?!--)/.test(line)));
          const lines = new Set(after.split('\n'));
          for (const line of text.split('\n')) if (!removed.includes(`-${line}`)) expect(lines).toContain(line);
        }
        expect(JSON.parse(nowwhat(['fix', copy, '-o', 'json']).out)).toMatchObject({ files: [] });
      } finally {
        rmSync(dirname(copy), { recursive: true });
      }
    },
  );
});
