// One sentence and one advice for each way in which a file cannot be read.

import { type Unreadable, UserError } from '../../model/index.ts';

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function unreadable(file: string, code: Unreadable['code'], reason: string, advice: string): Unreadable {
  return { code, position: { file, line: 1, column: 1 }, reason, advice };
}

export function symlinkLoop(file: string): Unreadable {
  return unreadable(
    file,
    'symlink-loop',
    'the symbolic link leads back to a folder that is already being read',
    'Remove the link, or give the folders you mean one by one.',
  );
}

/** What a failed system call on `file` means to the user. */
export function describeFileProblem(file: string, error: unknown): Unreadable {
  switch (codeOf(error)) {
    case 'ELOOP':
      return unreadable(
        file,
        'symlink-loop',
        'its symbolic links lead round in a circle',
        'Correct or remove the link.',
      );
    case 'EACCES':
    case 'EPERM':
      return unreadable(
        file,
        'path-unreadable',
        'no permission to read it',
        'Give yourself permission to read it (chmod u+r, for a folder u+rx), or leave it out.',
      );
    case 'ENOENT':
      return unreadable(
        file,
        'path-unreadable',
        'the symbolic link leads to nothing, or the file was removed while reading',
        'Correct or remove the link.',
      );
    case 'EISDIR':
      return unreadable(file, 'path-unreadable', 'it is a folder', 'Name a file in it.');
    default:
      return unreadable(
        file,
        'path-unreadable',
        `the system refused: ${codeOf(error) || 'unknown error'}`,
        'Check that the file can be opened by another program.',
      );
  }
}

/** True where the path is not there at all. */
export function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(codeOf(error));
}

export function tooLarge(file: string, maxBytes: number): Unreadable {
  const limit = maxBytes >= 1048576 ? `${Math.floor(maxBytes / 1048576)} MiB` : `${maxBytes} bytes`;
  return unreadable(
    file,
    'file-too-large',
    `larger than the limit of ${limit}`,
    'Split the file, or raise the limit with --max-file-size.',
  );
}

/**
 * The user's error where `error` is what the system said of the path behind `name`: `path-missing` or `path-unreadable`. Anything else is given back as it is, as it has
 * a cause of its own.
 */
export function toPathError(error: unknown, name: string, advice: string): unknown {
  if (!(error instanceof Error) || !('syscall' in error)) return error;
  if (isMissing(error)) return new UserError('path-missing', `${name} does not exist`, advice, error);
  const { reason } = describeFileProblem(name, error);
  return new UserError('path-unreadable', `${name} cannot be read: ${reason}`, advice, error);
}
