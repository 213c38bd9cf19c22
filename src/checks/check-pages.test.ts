import { expect, it } from 'vitest';
import { parseCheckPage } from './check-pages.ts';

const page = `# a-check

## What

One thing.

## Why

Because.

\`\`\`yaml bad
kind: A
\`\`\`

\`\`\`yaml bad 12 @1.20
kind: B
# not a title
## not a section
\`\`\`

\`\`\`yaml unknown @1.9
kind: C
\`\`\`

\`\`\`yaml good
\`\`\`

\`\`\`yaml
kind: prose
\`\`\`
`;

it('a page gives its title, its sections without the examples, and the examples', () => {
  const { title, sections, examples } = parseCheckPage(page);
  expect(title).toBe('a-check');
  expect([...sections]).toEqual([
    ['What', 'One thing.'],
    ['Why', 'Because.\n\n\n\n\n\n\n\n\n\n```yaml\nkind: prose\n```'],
  ]);
  expect(examples).toEqual([
    { kind: 'bad', count: 1, text: 'kind: A\n' },
    { kind: 'bad', count: 12, minor: 20, text: 'kind: B\n# not a title\n## not a section\n' },
    { kind: 'unknown', count: 1, minor: 9, text: 'kind: C\n' },
    { kind: 'good', count: 1, text: '' },
  ]);
});

it('a text without a title has an empty one', () => {
  expect(parseCheckPage('').title).toBe('');
});
