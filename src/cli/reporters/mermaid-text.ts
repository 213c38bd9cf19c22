// Text inside of Mermaid diagrams.

import { visible } from '../style.ts';

/** Mermaid's own escapes; a name can neither close its label nor start markup. */
export function quoteMermaid(text: string): string {
  return `"${visible(text).replace(/["<>#&`\\]/g, (character) => `#${character.charCodeAt(0)};`)}"`;
}
