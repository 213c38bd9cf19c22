// Kustomize's own words about a failure, cleaned: what happened and in which file.

/** What kustomize said, in one line; absolute paths below `root` become what the user typed. */
export function describeKustomizeFailure(stderr: string, root: string, shownRoot: string): string {
  const message = stderr
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('# Warning'))
    .join(' ')
    .replaceAll(root, shownRoot);
  return shorten(unwrapLog(message).replace(/^(?:error|Error): /, ''));
}

/** kubectl prints some errors as a line of its log: `E1123 14:21:56.848 12029 run.go:72] "command failed" err="…"`. */
function unwrapLog(message: string): string {
  const logged = /^E\d{4} .*?\] "command failed" err="(.*)"$/.exec(message)?.[1];
  return logged === undefined ? message : logged.replaceAll('\\"', '"').replaceAll('\\\\', '\\');
}

const absent = /(?:evalsymlink failure on|lstat|stat) '?([^' :]+)'?(?: ?:.*)? no such file or directory/;

/** Kustomize first tries a file, then a folder, then a repository, and tells of all three: the first is what matters. */
function shorten(message: string): string {
  if (message === '') return 'kustomize failed without a message';
  const outside = /security; file '([^']+)' is not in or below '([^']+)'/.exec(message);
  if (outside !== null) return `${outside[1] ?? ''} lies outside ${outside[2] ?? ''}, where kustomize may not read`;
  const missing = absent.exec(message);
  if (missing !== null) return `${missing[1] ?? ''} does not exist`;
  const accumulating =
    /^(?:accumulating (?:resources|components): )(?:accumulat\w+ (?:resources|components) from )?(.+)$/.exec(message);
  return accumulating?.[1] ?? message;
}
