// Bundles the CLI into dist/, and beside it the check pages that `explain` shows.
import { cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { bundleProgram } from './bundle.mjs';

rmSync('dist', { recursive: true, force: true });
await bundleProgram({});
mkdirSync('dist/pages', { recursive: true });
for (const family of readdirSync('src/checks', { withFileTypes: true })) {
  if (!family.isDirectory()) continue;
  for (const file of readdirSync(`src/checks/${family.name}`))
    if (file.endsWith('.md')) cpSync(`src/checks/${family.name}/${file}`, `dist/pages/${file}`);
}
