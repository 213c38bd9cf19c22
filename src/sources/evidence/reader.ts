// What a reader of one report format is.

import type { Evidence, JsonObject } from '../../model/index.ts';

/** A report as parsed: one value, or the lines of a file with one value each. */
export type Report = readonly JsonObject[];

export interface Reader {
  /** What such a file is, for the user: `vulnerability report of Trivy`. */
  readonly what: string;
  /** The format puts several values into one file; for others a list is a list of reports, as `jq -s` makes it. */
  readonly isList?: true;
  /** Whether these are the marks of the format: its own keys, never a file name. */
  readonly recognises: (report: Report) => boolean;
  /** What to do about a report of this format that says nothing of an image; a scan of an image where left out. */
  readonly advice?: string;
  /** Pure. Fields that are missing are left out; a report that names no image gives nothing. */
  readonly read: (report: Report, file: string) => readonly Evidence[];
}
