// A file of the user's with the changes that were put into it.

import type { JsonObject, KubeObject } from '../model/index.ts';

export interface EditedFile {
  /** As shown to the user, from where the program was started. */
  readonly file: string;
  /** Index in `Snapshot.texts`; for a new file the one that it will have. */
  readonly text: number;
  /** Left out for a new file. */
  readonly before?: string;
  readonly after: string;
  /** A new file that is a program. */
  readonly executable?: true;
  /** Objects that are new in the file. */
  readonly created: readonly JsonObject[];
  /** Objects that are gone from it. */
  readonly removed?: readonly KubeObject[];
}
