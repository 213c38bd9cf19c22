// Objects that no backup takes, whoever asks for them: pure.

import { asObject, type JsonObject } from '../../model/index.ts';

export const excludeLabel = 'velero.io/exclude-from-backup';

/** Text that an object holds which a label or a field of its metadata may keep out. */
const leftOut = [excludeLabel, 'deletionTimestamp'] as const;

/** Whether any object of a text may be one of them: one search of a page takes no longer than one of an object. */
export function mayLeaveOut(text: Buffer): boolean {
  return leftOut.some((mark) => text.includes(mark));
}

/** An object of a list, as far as it tells whether it is one of them. */
interface Listed {
  readonly content: Buffer;
  readonly raw: JsonObject;
  /** False where nothing that came with it says so of any object. */
  readonly mayBeLeftOut: boolean;
}

/** Its owner says so, or it is on its way out. What holds neither text is not parsed. */
export function isLeftOut(object: Listed): boolean {
  if (!object.mayBeLeftOut || !mayLeaveOut(object.content)) return false;
  const { labels, deletionTimestamp } = asObject(object.raw['metadata']);
  return asObject(labels)[excludeLabel] === 'true' || deletionTimestamp !== undefined;
}
