// Lists every file of a volume with its hash, inside the helper pod with the shell's own programs, and reads what they print: pure.

import { dataPath } from './helper-pod.ts';

export type FileKind = 'file' | 'directory' | 'link' | 'other';

export interface ListedFile {
  /** From the volume's root: `./index.php`; `.` is the root. Bytes, because names need not be UTF-8. */
  readonly path: Buffer;
  readonly kind: FileKind;
  /** Octal: `0644`, `4755`. */
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
  /** Of a file. */
  readonly bytes?: number;
  /** Of a file, hexadecimal; left out where it could not be read. */
  readonly sha256?: string;
  /** Of a link. */
  readonly target?: Buffer;
  /** When its content, owner or mode last changed: seconds since 1970 by the node's clock. */
  readonly changed: number;
}

/** One file at a time: for names that the programs would write otherwise, and for files that come and go. */
const oneByOne = `
one() {
  s=$(stat -c '%f %u %g %s %Z' -- "$1" 2>/dev/null) || return 0
  h=-
  if [ ! -L "$1" ] && [ -f "$1" ]; then h=$(sha256sum < "$1" 2>/dev/null) || h=-; h=\${h%% *}; fi
  printf '%s\\0%s\\0' "$s" "$h"
  if [ -L "$1" ]; then readlink -n -- "$1"; fi
  printf '\\0%s\\0' "$1"
}`;

/** Two programs for a batch rather than for a file. The counts show whether every file got its line. */
const batch = `${oneByOne}
nl='
'
slow() { for f; do one "$f"; done; }
lines() { printf '%s' "$1" | awk 'END { print NR }'; }
case "$*" in *"$nl"*|*\\\\*) slow "$@"; exit 0 ;; esac
st=$(stat -c '%f %u %g %s %Z' -- "$@" 2>/dev/null) || { slow "$@"; exit 0; }
n=0
for f; do if [ ! -L "$f" ] && [ -f "$f" ]; then n=$((n + 1)); fi; done
hs=
if [ $n -gt 0 ]; then
  hs=$(for f; do if [ ! -L "$f" ] && [ -f "$f" ]; then printf '%s\\0' "$f"; fi; done | xargs -0 sha256sum -- 2>/dev/null) || { slow "$@"; exit 0; }
fi
if [ "$(lines "$st")" -ne $# ] || [ "$(lines "$hs")" -ne $n ]; then slow "$@"; exit 0; fi
exec 3<<A 4<<B
$st
A
$hs
B
for f; do
  read -r s <&3
  h=-
  if [ ! -L "$f" ] && [ -f "$f" ]; then read -r h <&4; h=\${h%% *}; fi
  printf '%s\\0%s\\0' "$s" "$h"
  if [ -L "$f" ]; then readlink -n -- "$f"; fi
  printf '\\0%s\\0' "$f"
done`;

const whole = `cd "$3" && find "$2" -path ./lost+found -prune -o -print0 | sort -z | xargs -0 -n 200 sh -c "$1" list`;

/** In the order of the paths' bytes. `from`: one path, with what is below it. */
export function listCommand(from = '.', root: string = dataPath): string[] {
  return ['sh', '-c', `set -e; export LC_ALL=C; ${whole}`, 'list', batch, from, root];
}

const kinds: Readonly<Record<number, FileKind>> = { 0x8: 'file', 0x4: 'directory', 0xa: 'link' };

const nothing = Buffer.alloc(0);
const statLine = /^([0-9a-f]+) (\d+) (\d+) (\d+) (\d+)$/;

/** What only one kind of file has. */
function contentOf(kind: FileKind, bytes: number, sum: string, target: Buffer): Partial<ListedFile> {
  if (kind === 'link') return { target };
  if (kind !== 'file') return {};
  return sum === '-' ? { bytes } : { bytes, sha256: sum };
}

function toFile(fields: readonly Buffer[]): ListedFile {
  const [stat, hash, target, path] = [0, 1, 2, 3].map((at) => fields[at] ?? nothing) as [
    Buffer,
    Buffer,
    Buffer,
    Buffer,
  ];
  const found = statLine.exec(stat.toString());
  if (found === null || path.length === 0)
    throw new Error(`the list of files is not as expected: ${JSON.stringify(stat.toString())}`);
  const [uid, gid, bytes, changed] = found.slice(2).map(Number) as [number, number, number, number];
  const bits = Number.parseInt(found[1] ?? '', 16);
  const kind = kinds[bits >> 12] ?? 'other';
  const permissions = (bits & 0o7777).toString(8).padStart(4, '0');
  return { path, kind, mode: permissions, uid, gid, ...contentOf(kind, bytes, hash.toString(), target), changed };
}

/** Reads the list as it comes, in any pieces. Throws where it was cut off. */
export async function* parseFiles(output: AsyncIterable<Buffer>): AsyncGenerator<ListedFile> {
  let rest: Buffer = Buffer.alloc(0);
  let fields: Buffer[] = [];
  for await (const piece of output) {
    rest = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    let at = 0;
    for (let end = rest.indexOf(0, at); end >= 0; end = rest.indexOf(0, at)) {
      fields.push(Buffer.from(rest.subarray(at, end)));
      at = end + 1;
      if (fields.length < 4) continue;
      yield toFile(fields);
      fields = [];
    }
    rest = rest.subarray(at);
  }
  if (rest.length + fields.length > 0) throw new Error('the list of files was cut off');
}
