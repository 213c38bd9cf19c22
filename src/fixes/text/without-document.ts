// A text without one of its documents; what stood around it stays.

import type { KubeObject } from '../../model/index.ts';
import type { TextRange } from '../../kube/yaml/index.ts';

/** A file that would be empty says what was in it: kustomizations and people refer to it. */
export function withoutDocument(
  text: string,
  { start, end }: TextRange,
  { kind, name }: Pick<KubeObject, 'kind' | 'name'>,
): string {
  const rest = text.slice(0, start) + text.slice(end);
  const newLine = text.includes('\r\n') ? '\r\n' : '\n';
  return isBlank(rest) ? `# ${kind} "${name}" is not kept in this file.${newLine}` : rest;
}

function isBlank(text: string): boolean {
  return text.replaceAll(/^(?:#.*|---.*|\s*)$/gm, '').trim() === '';
}
