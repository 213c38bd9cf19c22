// Bundles the CLI into dist/: one small entry, one chunk per lazily loaded command, and the check pages that `explain` shows.
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
rmSync('dist', { recursive: true, force: true });
await build({
  entryPoints: { main: 'src/cli/main.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  minify: true,
  keepNames: true,
  legalComments: 'none',
  chunkNames: 'chunks/[name]-[hash]',
  define: { __NOWWHAT_VERSION__: JSON.stringify(version) },
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
});
mkdirSync('dist/pages', { recursive: true });
for (const family of readdirSync('src/checks', { withFileTypes: true })) {
  if (!family.isDirectory()) continue;
  for (const file of readdirSync(`src/checks/${family.name}`))
    if (file.endsWith('.md')) cpSync(`src/checks/${family.name}/${file}`, `dist/pages/${file}`);
}
