import { describe, expect, it } from 'vitest';
import { FileDrafts } from './file-drafts.ts';
import { editValuesText, readValues, type ValuesText } from './values-text.ts';

const inside = (text: string, isText: boolean): ValuesText => ({
  file: 'app.yaml',
  text,
  inside: { kind: 'Application', name: 'web', path: ['spec', isText ? 'values' : 'valuesObject'], isText },
});

const other = 'kind: Application\nmetadata: {name: other}\nspec: {values: "a: 9", valuesObject: {a: 9}}\n---\n';
const asText = `${other}kind: Application\nmetadata: {name: web}\nspec:\n  values: |\n    a: 1 # why\n`;
const asObject = `${other}kind: Application\nmetadata: {name: web}\nspec:\n  valuesObject:\n    a: 1 # why\n`;

describe('values that stand in an object', () => {
  it.each([
    ['as a text', inside(asText, true), asText],
    ['as fields', inside(asObject, false), asObject],
  ])('%s are read and edited there', (_how, values, text) => {
    const drafts = new FileDrafts();
    expect(readValues(values, drafts)).toEqual({ a: 1 });
    expect(editValuesText(values, { op: 'set', path: ['a'], value: 2 }, drafts)).toBeUndefined();
    expect(readValues(values, drafts)).toEqual({ a: 2 });
    expect(drafts.changed().map(({ after }) => after)).toEqual([text.replace('a: 1', 'a: 2')]);
  });

  it('are told where the object is not there any more', () => {
    const gone = inside(other, true);
    expect(readValues(gone, new FileDrafts())).toBeUndefined();
    expect(editValuesText(gone, { op: 'set', path: ['a'], value: 2 }, new FileDrafts())).toContain('Application');
  });
});
