// Closes tokens that nobody uses in the user's own files: one field of each workload, and nothing else.

import { editFiles } from '../../fixes/index.ts';
import { writeFiles } from '../../targets/index.ts';
import type { UnusedReport } from './unused-rights.ts';

/** What was done, a line each. Throws `UserError` where a file has changed since it was read. */
export async function closeTokens({ snapshot, idle }: UnusedReport): Promise<string[]> {
  const { files, made, refused } = editFiles(snapshot, idle);
  await writeFiles(files);
  const nameOf = ({ workload: { object } }: (typeof idle)[number]): string =>
    `${object.kind} ${object.namespace}/${object.name}`;
  return [
    ...made.map((wish) => `closed the token of ${nameOf(wish)}`),
    ...refused.map(({ wish, reason }) => `left the token of ${nameOf(wish)}: ${reason}`),
  ];
}
