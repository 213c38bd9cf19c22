// Objects that no backup takes, whoever asks for them: pure.

import { asObject } from '../../model/index.ts';
import type { ListedObject } from './listed-object.ts';

export const excludeLabel = 'velero.io/exclude-from-backup';

/** Text that an object holds which a label or a field of its metadata may keep out. */
const leftOut = [excludeLabel, 'deletionTimestamp'] as const;

/** Whether any object of a text may be one of them: one search of a page takes no longer than one of an object. */
export function mayLeaveOut(text: Buffer): boolean {
  return leftOut.some((mark) => text.includes(mark));
}

/** Its owner says so, or it is on its way out. What holds neither text is not parsed. */
export function isLeftOut(object: ListedObject): boolean {
  if (!object.mayBeLeftOut || !mayLeaveOut(object.content)) return false;
  const { labels, deletionTimestamp } = asObject(object.raw['metadata']);
  return asObject(labels)[excludeLabel] === 'true' || deletionTimestamp !== undefined;
}
