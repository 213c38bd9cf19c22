// How the program is bundled: one small entry, and chunks that commands load when they need them.
import { readFileSync } from 'node:fs';
import { build } from 'esbuild';
import { lookThroughIndexes } from './look-through.mjs';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

/** esbuild's result; its metafile says what each chunk is made of. */
export function bundleProgram(options) {
  return build({
    entryPoints: { main: 'src/cli/main.ts' },
    outdir: 'dist',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    // Names stay as they are: stacks of bug reports need them, and short ones that are given their names back cost each function that is made a call.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    chunkNames: 'chunks/[name]-[hash]',
    plugins: [lookThroughIndexes],
    metafile: true,
    define: { __NOWWHAT_VERSION__: JSON.stringify(version) },
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    ...options,
  });
}
