// Which bytes of an archive are asked for at once, so that parts that stand together cost one request. Pure.

import type { ArchiveMember } from '../archive/pack-members.ts';
import type { ByteRange } from '../store/store.ts';

/** Bytes that are rather read in vain than left out by one more request. */
const gap = 256 << 10;

/** Ranges in order that hold all members, which are in order too. */
export function assembleRanges(members: readonly ArchiveMember[]): readonly ByteRange[] {
  const ranges: { start: number; end: number }[] = [];
  for (const { offset, bytes } of members) {
    const last = ranges.at(-1);
    // Between two ranges stand whole members, so that what is read in vain unpacks as well.
    if (last !== undefined && offset - last.end - 1 <= gap) last.end = offset + bytes - 1;
    else ranges.push({ start: offset, end: offset + bytes - 1 });
  }
  return ranges;
}
