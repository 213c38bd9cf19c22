// Mistakes in nowwhat.yaml, told with their line. Apart from the schema, which most runs do not need.

import { LineIndex, PositionTree } from '../../kube/yaml/index.ts';
import { type Path, UserError } from '../../model/index.ts';

export interface ConfigProblem {
  readonly path: Path;
  readonly what: string;
}

/** `nowwhat.yaml:12 exceptions.0.until`, with list items counted as a person counts them not at all: the line says which. */
function place(file: string, source: string, path: Path): string {
  const { offset } = new PositionTree(source).locate(0, path);
  const { line } = new LineIndex(source).at(offset);
  return `${file}:${line}${path.length === 0 ? '' : ` ${path.join('.')}`}`;
}

export const configAdvice = 'Correct the file; `nowwhat init FOLDER` writes one with every setting explained.';

/** A mistake in nowwhat.yaml that only its reader can see, such as the name of a check. */
export function configError(file: string, source: string, { path, what }: ConfigProblem): UserError {
  return new UserError('invalid-config', `${place(file, source, path)} ${what}`, configAdvice);
}
