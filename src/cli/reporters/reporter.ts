// What a reporter is: a pure function of the finished report.

import type { Report } from '../../journey/index.ts';
import type { Style } from '../style.ts';

export interface ReporterOptions {
  readonly style: Style;
  /** Columns of text. */
  readonly width: number;
  readonly version: string;
  /** How the user calls this program: `nowwhat` or `kubectl nowwhat`. */
  readonly program: string;
  /** The paths and options about reading, quoted for a shell: what a command needs to look at the same app. */
  readonly again: string;
  /** Which of the two text forms: the journey page, or the list of findings. */
  readonly form: 'journey' | 'check';
  readonly showAll: boolean;
}

/** A text, or its pieces in order where it can be large. */
export type Rendering = string | Iterable<string>;

export type Reporter = (report: Report, options: ReporterOptions) => Rendering;
