// Edits are written in UTF-8: a text in another encoding is read, and left as it is.

import type { SourceText } from '../../model/index.ts';

/** Why a text is not edited, where its encoding is the reason. */
export function findForeignEncoding(source: SourceText | undefined): string | undefined {
  if (source?.encoding === undefined) return undefined;
  return `${source.file} is UTF-16, and only UTF-8 is edited: iconv -f UTF-16 -t UTF-8 converts it`;
}
