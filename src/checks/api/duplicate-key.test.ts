import { expect, it } from 'vitest';
import { runOnText } from '../run-on-text.ts';
import { duplicateKey } from './duplicate-key.ts';

it('a key that stands twice is named, and an empty input is not judged', () => {
  const text = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata:\n  mode: a\n  mode: b\n';
  expect(runOnText(duplicateKey, text).findings).toEqual([
    expect.objectContaining({ message: expect.stringContaining('"mode" stands twice in ConfigMap "settings"') }),
  ]);
  expect(runOnText(duplicateKey, '').outcome).toBe('not-applicable');
});
