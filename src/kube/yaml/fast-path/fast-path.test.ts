// The fast path against the full parser: wherever it answers, it answers the same; and it does answer for real manifests.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitDocuments } from '../split-documents.ts';
import { checkAgreement } from '../../../../test/yaml/agreement.ts';
import { readPlainDocument } from './index.ts';
import { mutationsOf, yamlTexts } from '../../../../test/yaml/yaml-texts.ts';

describe('the fast path of reading', () => {
  it('gives what the full parser gives, or nothing', () => {
    let answered = 0;
    const runs = 4000;
    fc.assert(
      fc.property(yamlTexts(), (text) => {
        if (checkAgreement(text)) answered += 1;
      }),
      { numRuns: runs },
    );
    // A property over documents that it never answers for would hold of anything.
    expect(answered).toBeGreaterThan(runs / 20);
  });

  it('gives what the full parser gives after small mistakes', () => {
    fc.assert(
      fc.property(
        yamlTexts().chain((text) => mutationsOf(text)),
        (text) => {
          checkAgreement(text);
        },
      ),
      { numRuns: 4000 },
    );
  });

  it('reads a document in the middle of a text', () => {
    const text = 'a: 1\n---\nb: |\n  text\n---\nc: 3\n';
    const values = splitDocuments(text).map(({ start, end }) => readPlainDocument({ text, start, end })?.values);
    expect(values).toEqual([[{ a: 1 }], [{ b: 'text\n' }], [{ c: 3 }]]);
  });
});

const manifest = `# A web server
apiVersion: apps/v1
kind: Deployment
metadata: # who
  name: "web"
  labels: {app: web, 'tier': front}
spec:
  replicas: 3
  template:
    spec:
      containers:
      - name: web
        image: nginx:1.27   # pinned
        args: ["-g", 'daemon off;', a b]
        ports:
          - containerPort: 8080
            protocol: TCP
        command:
        - sh
        - -c
        - |
          echo "a: b"

          exec nginx
        env:
          - {name: A, value: "1"}
          - name: EMPTY
            value:
          - name: FOLDED
            value: >-
              one
              two
`;

describe('what real manifests use', () => {
  it.each([
    ['a manifest', manifest],
    ['CRLF', manifest.replaceAll('\n', '\r\n')],
    ['no line break at the end', manifest.trimEnd()],
    ['a document start', `---\n${manifest}`],
    ['an empty document', '---\n# nothing\n'],
    ['only comments', '# nothing\n\n'],
    ['nested lists', 'a:\n- - 1\n  - 2\n-\n  - 3\n- - - 4\n'],
    ['umlauts and arrows', 'a: Größe → 1\n'],
    ['escapes', "a: \"tab\\there \\u00e9\"\nb: 'it''s'\n"],
    ['block scalars of all forms', 'a: |+\n  x\n\nb: >2\n    y\n  z\nc: |-\n\n  w\nd: |\ne: 1\n'],
    ['keys that are no text', '8080: a\ntrue: b\n1.50: c\n'],
  ])('answers for %s', (_, text) => {
    expect(checkAgreement(text)).toBe(true);
  });

  it.each([
    ['anchors and aliases', 'a: &x 1\nb: *x\n'],
    ['tags', 'a: !!str 1\n'],
    ['merges', 'a: {b: 1}\n<<: {c: 2}\n'],
    ['a scalar of two lines', 'a: b\n  c\n'],
    ['a quoted scalar of two lines', 'a: "b\n  c"\n'],
    ['complex keys', '? a\n: b\n'],
    ['tabs', 'a:\tb\n'],
    ['odd indentation', 'a:\n  b: 1\n c: 2\n'],
    ['directives', '%YAML 1.1\n---\na: 1\n'],
    ['two documents', 'a: 1\n--- a: b\n'],
    ['a key that stands twice', 'a: 1\na: 2\n'],
    ['a control character', 'a: \u0007\n'],
    ['deep nesting', Array.from({ length: 90 }, (_, depth) => `${' '.repeat(depth)}a:\n`).join('')],
  ])('leaves %s to the full parser', (_, text) => {
    expect(readPlainDocument({ text, start: 0, end: text.length })).toBeUndefined();
  });
});
