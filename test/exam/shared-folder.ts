// Where the published expectations are: beside the checkout or where NOWWHAT_SHARED says. They are no part of this repository.

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The shared folder, or `undefined` where this machine has none. */
export function sharedFolder(): string | undefined {
  const folder = process.env['NOWWHAT_SHARED'] ?? resolve(import.meta.dirname, '../../../shared');
  return existsSync(folder) ? folder : undefined;
}

/** A file below the shared folder; says aloud, for the exam's report, that the exam is skipped where it is missing. */
export function sharedFile(exam: string, path: string): string | undefined {
  const folder = sharedFolder();
  const file = folder === undefined ? undefined : join(folder, path);
  if (file !== undefined && existsSync(file)) return file;
  process.stdout.write(`skipped: exam of ${exam}: no ${path} in ${folder ?? 'a shared folder (set NOWWHAT_SHARED)'}\n`);
  return undefined;
}
