// An object as one document of YAML, as kubectl shows it.

import { renderBlock } from '../../fixes/text/render-value.ts';
import type { JsonObject } from '../../model/index.ts';

/** With a line end, and no `---`. */
export function renderDocument(object: JsonObject): string {
  const { apiVersion, kind, metadata, ...rest } = object;
  const ordered = { apiVersion, kind, metadata, ...rest };
  const present = Object.fromEntries(Object.entries(ordered).filter(([, value]) => value !== undefined));
  return `${renderBlock(present, { column: 0, newLine: '\n', flatLists: true })}\n`;
}
