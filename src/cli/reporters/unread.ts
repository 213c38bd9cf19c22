// What could not be read, a line for each: it is told wherever something is said of the rest.

import type { Unreadable } from '../../model/index.ts';
import { hang } from '../layout.ts';
import { type Style, visible } from '../style.ts';

export function unreadLines(
  unreadable: readonly Unreadable[],
  { style, width }: { readonly style: Style; readonly width: number },
): string[] {
  return unreadable.flatMap(({ position, reason, advice }) =>
    hang(
      `  ${style.warn('Not read')}  `,
      `${visible(position.file)}:${position.line}  ${visible(reason)}. ${visible(advice)}`,
      width,
    ),
  );
}
