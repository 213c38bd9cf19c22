import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseYaml } from '../../kube/yaml/index.ts';
import { asArray, asObject, asString, type Json, type JsonObject } from '../../model/index.ts';
import { FileDrafts } from './file-drafts.ts';
import { fieldsOfFile, putOwnFields } from './own-fields.ts';

const head = 'kind: Kustomization\n';

function workload(image: string, replicas?: number): JsonObject {
  const spec = { template: { spec: { containers: [{ name: 'web', image }] } } };
  return { kind: 'Deployment', spec: replicas === undefined ? spec : { replicas, ...spec } };
}

interface Put {
  /** Lines that the kustomization has besides. */
  readonly text?: string;
  readonly before: Json;
  readonly after: Json;
  readonly isFree?: boolean;
}

function put({ text = '', before, after, isFree = true }: Put): { readonly text: string; readonly isDone: boolean } {
  const drafts = new FileDrafts();
  const file = { file: 'kustomization.yaml', text: head + text };
  const left = putOwnFields(fieldsOfFile(file, drafts), { before, after, name: 'web', isFree: () => isFree });
  const isDone = JSON.stringify(left.after) === JSON.stringify(before);
  return { text: drafts.textOf(file.file, file.text).slice(head.length), isDone };
}

describe("a kustomization's own fields", () => {
  it('take another name of an image, and leave the tag to whoever says it', () => {
    const { text, isDone } = put({ before: workload('web:1'), after: workload('registry.example.com/web:1') });
    expect(text).toBe('images:\n  - name: web\n    newName: registry.example.com/web\n');
    expect(isDone).toBe(true);
  });

  it('take a tag and a digest, and the entry that is there', () => {
    const text = 'images:\n  - name: web # ours\n    newTag: "1"\n';
    const pinned = put({ text, before: workload('web:1'), after: workload('web:1@sha256:aa') });
    expect(pinned.text).toBe('images:\n  - name: web # ours\n    newTag: "1"\n    digest: sha256:aa\n');
    const named = put({ text, before: workload('web:1'), after: workload('x.io/web:1') });
    expect(named.text).toBe('images:\n  - name: web # ours\n    newTag: "1"\n    newName: x.io/web\n');
  });

  it('find the entry by the name that it gives', () => {
    const text = 'images:\n  - name: web\n    newName: x.io/web\n    newTag: "1"\n';
    const { text: after } = put({ text, before: workload('x.io/web:1'), after: workload('x.io/web:2') });
    expect(after).toBe('images:\n  - name: web\n    newName: x.io/web\n    newTag: "2"\n');
  });

  it('take replicas of a workload, once', () => {
    const first = put({ before: workload('web', 1), after: workload('web', 2) });
    expect(first.text).toBe('replicas:\n  - name: web\n    count: 2\n');
    const next = put({ text: first.text, before: workload('web'), after: workload('web', 3) });
    expect(next).toEqual({ text: 'replicas:\n  - name: web\n    count: 3\n', isDone: true });
  });

  it('leave what a patch of its own says already, and what they are not for', () => {
    expect(put({ before: workload('web:1'), after: workload('web:2'), isFree: false })).toEqual({
      text: '',
      isDone: false,
    });
    expect(put({ before: { spec: { image: 'web:1' } }, after: { spec: { image: 'web:2' } } }).text).toBe('');
  });

  it('make of an image what was wanted, whatever stood there, and nothing more the second time', () => {
    const image = fc.record({
      name: fc.constantFrom('web', 'x.io/web', 'localhost:5000/a/web'),
      tag: fc.constantFrom('', ':1', ':1.10'),
      digest: fc.constantFrom('', '@sha256:aa'),
    });
    const text = fc.constantFrom(
      '',
      'images: []\n',
      'images:\n- {name: web, newTag: "9"}\n',
      'images:\n- name: other\n  newTag: "3"\n',
    );
    const spell = ({ name, tag, digest }: { name: string; tag: string; digest: string }) => name + tag + digest;
    fc.assert(
      fc.property(image, image, text, (from, to, start) => {
        // A tag or a digest can be changed by an entry; what is there cannot be taken away.
        fc.pre(to.tag !== '' || to.digest !== '' || (from.tag === '' && from.digest === ''));
        const wanted = { before: workload(spell(from)), after: workload(spell(to)) };
        const once = put({ text: start, ...wanted });
        const parsed = parseYaml(head + once.text);
        const entries = asArray(asObject(parsed.ok ? parsed.parsed.values[0] : undefined)['images']).map(asObject);
        const entry = entries.find((each) => each['name'] === from.name);
        if (spell(from) !== spell(to)) expect(asString(entry?.['newName']) ?? entry?.['name']).toBe(to.name);
        expect(put({ text: once.text, ...wanted }).text).toBe(once.text);
      }),
    );
  });
});
