// The script of the HTML report, compiled into a string that the reporter puts into the page.
import { build } from 'esbuild';

export async function generate() {
  const { outputFiles } = await build({
    entryPoints: ['src/cli/reporters/html/page/filter.ts'],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    write: false,
    logLevel: 'error',
  });
  const script = outputFiles[0].text.trim();
  const text = `// Generated from page/filter.ts by npm run generate. Do not edit.\n\nexport const pageScript = ${JSON.stringify(script)};\n`;
  return new Map([['src/cli/reporters/html/page-script.generated.ts', text]]);
}
