// docs/schemas/{plan,journal,proof}-v1.schema.json: from the schemas by which the program itself reads them.
import { mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { z } from 'zod';

async function loadSchemas() {
  // Below the project, so that zod is found and is the same one.
  const folder = mkdtempSync(resolve('node_modules/.nowwhat-schemas-'));
  const outfile = join(folder, 'schemas.mjs');
  const options = { bundle: true, format: 'esm', platform: 'node', external: ['zod'], logLevel: 'error' };
  try {
    await build({ entryPoints: ['src/app/records/record-schemas.ts'], outfile, ...options });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export async function generate() {
  const { planSchema, journalSchema, proofSchema } = await loadSchemas();
  const schemas = { plan: planSchema, journal: journalSchema, proof: proofSchema };
  return new Map(
    Object.entries(schemas).map(([thing, schema]) => {
      const { $schema, ...shape } = z.toJSONSchema(schema, { target: 'draft-7' });
      const head = {
        $schema,
        $id: `https://nowwhat.dev/schemas/${thing}-v1.schema.json`,
        title: `nowwhat.dev/${thing}/v1`,
      };
      return [`docs/schemas/${thing}-v1.schema.json`, `${JSON.stringify({ ...head, ...shape }, null, 2)}\n`];
    }),
  );
}
