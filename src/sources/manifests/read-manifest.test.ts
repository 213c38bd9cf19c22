import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readManifest } from './read-manifest.ts';

const origin = { kind: 'manifest', unit: 'a.yaml' } as const;

describe('reading any text', () => {
  const line = fc.oneof(
    fc.constantFrom(
      '---',
      'apiVersion: v1',
      'kind: Pod',
      'metadata:',
      '  name: a',
      '\tx: 1',
      '{{ .Values.a }}',
      '- a',
      '{',
      '&a b',
      '*a',
      '<<: *a',
      '...',
      '"',
      '|',
      'kind: List',
      'items:',
    ),
    fc.string({ maxLength: 12 }),
  );

  it('never fails, and says something of every text that is not empty', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
        const source = { file: 'a.yaml', text: lines.join('\n'), rendered: false };
        const { objects, unreadable, skipped } = readManifest(source, { origin, namespace: 'default' });
        expect(objects.length + unreadable.length + skipped.length).toBeGreaterThan(0);
        for (const { position } of unreadable) expect(position.line).toBeLessThanOrEqual(Math.max(1, lines.length));
      }),
      { numRuns: 500 },
    );
  });
});
