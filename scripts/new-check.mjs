// Starts a check: its file, its page and its line in the family's list. Usage: npm run new:check FAMILY ID
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';

const [family, id] = process.argv.slice(2);
const families = readdirSync('src/checks', { withFileTypes: true }).filter(
  (entry) => entry.isDirectory() && existsSync(`src/checks/${entry.name}/index.ts`),
);
const names = families.map(({ name }) => name);
if (family === undefined || id === undefined || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id) || !names.includes(family)) {
  console.error(
    `Usage: npm run new:check FAMILY ID\n  FAMILY  one of ${names.join(', ')}\n  ID      kebab-case, such as service-without-tls`,
  );
  process.exit(2);
}
const file = `src/checks/${family}/${id}`;
if (existsSync(`${file}.ts`)) {
  console.error(`${file}.ts exists already.`);
  process.exit(2);
}
const constant = id.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
writeFileSync(
  `${file}.ts`,
  `// Finds … (one sentence on what it is for).

import { containerCheck } from '../check.ts';

export const ${constant} = containerCheck(
  {
    id: '${id}',
    family: '${family}',
    title: 'Containers …',
    leg: 'security',
    level: 4,
    owner: 'developer',
    severity: 'medium',
    references: [],
    remediation: 'Set ….',
    minutes: 10,
  },
  {
    find: ({ name, raw, path }) => {
      if (raw['…'] !== true) return undefined;
      return { message: \`container "\${name}" …\`, path: [...path, '…'], evidence: '… is true' };
    },
  },
);
`,
);
const example = `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example.com/web:1.2.3
`;
writeFileSync(
  `${file}.md`,
  `# ${id}\n\n## What\n\n## Why\n\n## How to fix\n\n## When not to use it\n\n\`\`\`yaml bad\n${example}\`\`\`\n\n\`\`\`yaml good\n${example}\`\`\`\n`,
);
const index = `src/checks/${family}/index.ts`;
const text = readFileSync(index, 'utf8');
const withImport = text.replace(/(import [^\n]+\n)(?!import)/, `$1import { ${constant} } from './${id}.ts';\n`);
writeFileSync(index, withImport.replace(/,?\s*\];\s*$/, `,\n  ${constant},\n];\n`).replace('[,', '['));
console.log(
  `Wrote ${file}.ts and ${file}.md, and a line in ${index}.\nNow fill both in; the page's examples are the test: npx vitest run src/checks/pages.test.ts -t ${id}`,
);
