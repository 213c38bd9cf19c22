// Text in an SVG: escaped, and measured without a browser.

import stringWidth from 'fast-string-width';
import { truncate } from '../../../layout.ts';
import { visible } from '../../../style.ts';

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export function escapeXml(text: string): string {
  return visible(text).replace(/[&<>"]/g, (character) => entities[character] ?? character);
}

/** Pixels that a text needs at most: a wide share of the size for each column, as sans-serif fonts have it. */
export function widthOf(text: string, size: number): number {
  return Math.ceil(stringWidth(text) * size * 0.6);
}

/** Cut to a width in pixels. */
export function fit(text: string, size: number, width: number): string {
  return truncate(text, Math.max(1, Math.floor(width / (size * 0.6))));
}

/** A coordinate without needless digits. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
