// The commands by which all files of a volume leave one helper pod and arrive in another, with the programs of the shell: pure.

import { dataPath } from '../volumes/helper-pod.ts';
import { marker } from '../volumes/fill-volumes.ts';

/** What only GNU's tar can, and busybox's does not know as a word. */
const gnu = (options: string): string => `case "$(tar --version 2>/dev/null)" in *GNU*) set -- ${options} ;; esac`;

/**
 * The archive of a volume. That files changed or went away meanwhile is no failure (1, for both programs): the comparison afterwards says what is missing.
 */
const pack = `cd "$1" || exit 3
shift
${gnu('--sparse --exclude=./lost+found')}
tar --numeric-owner "$@" -cf - .
status=$?
[ $status -le 1 ] || exit $status`;

/** The file that stands in a volume of which nobody knows whether it is whole. */
const unfinished = `if [ -e "$1/${marker}" ]; then echo unfinished; else echo whole; fi`;

/** Said on standard error as soon as nothing more is taken: the rest of the input is of no use then. */
export const refusal = 'nowwhat: not unpacked';

/** The shell stays around tar, and reads on where that has failed: while input is on its way, the cluster tells no status. */
const unpack = `cd "$1" || exit 3
shift
own=$1
shift
[ "$own" = all ] || ${'{'} ${gnu('--no-overwrite-dir')}; ${'}'}
tar --numeric-owner "$@" -xpf -
status=$?
if [ $status -ne 0 ]; then echo "${refusal}" >&2; cat > /dev/null; fi
exit $status`;

/** Owners of symbolic links, as pairs: busybox's tar unpacks all links as its own user's. */
const linkOwners = `case "$(tar --version 2>/dev/null)" in *GNU*) exit 0 ;; esac
cd "$1" && find . -path ./lost+found -prune -o -type l -exec sh -c 'for f; do o=$(stat -c %u:%g -- "$f") && printf "%s\\0%s\\0" "$o" "$f"; done; true' sh {} +`;

const giveLinks = `cd "$1" && xargs -0 -r -n 2 chown -h`;

/** Nothing of an earlier try stays; who finds the marker knows that the files are not all there. */
const begin = `cd "$1" && touch ./${marker} && find . -mindepth 1 -maxdepth 1 ! -name lost+found ! -name ${marker} -exec rm -rf {} +`;

function shell(script: string, ...words: readonly string[]): string[] {
  return ['sh', '-c', script, 'sh', ...words];
}

export function packCommand(root: string = dataPath): string[] {
  return shell(pack, root);
}

export function isWholeCommand(root: string = dataPath): string[] {
  return shell(unfinished, root);
}

export function beginCommand(root: string = dataPath): string[] {
  return shell(begin, root);
}

/** `asPod`: by a user that owns neither the root of the volume nor may give files away. */
export function unpackCommand(asPod: boolean, root: string = dataPath): string[] {
  return shell(unpack, root, asPod ? 'own' : 'all');
}

export function linkOwnersCommand(root: string = dataPath): string[] {
  return shell(linkOwners, root);
}

/** Takes what `linkOwnersCommand` prints. */
export function giveLinksCommand(root: string = dataPath): string[] {
  return shell(giveLinks, root);
}

export function endCommand(root: string = dataPath): string[] {
  return ['rm', '-f', `${root}/${marker}`];
}
