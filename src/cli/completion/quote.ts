// A summary between single quotes of a shell, where brackets and colons mean something to zsh.

export const quote = (text: string): string =>
  text.replaceAll("'", '').replaceAll('[', '(').replaceAll(']', ')').replaceAll(':', ' ');
