// How text is drawn for whoever reads it.

import type { Style } from '../style.ts';

export interface Look {
  readonly style: Style;
  /** Characters of a line. */
  readonly width: number;
}

/** The look of a text that tells commands to type next. */
export interface ProgramLook extends Look {
  /** The program by the name that it was called by. */
  readonly program: string;
}
