// Reads audit logs into what each user asked for.

import { type Usage, UsageTable } from '../../inference/index.ts';
import { type LogReader, readAuditLog, type ReadLog } from '../../sources/index.ts';
import type { LogView, WindowView } from './roles-answer.ts';

export interface LogOutside {
  /** The pieces of standard input. */
  readonly stdinPieces: () => AsyncIterable<Uint8Array>;
  readonly progress: (what: string) => void;
}

export interface ReadUsage {
  readonly usage: Usage;
  readonly files: readonly ReadLog[];
}

/** One after the other, each event once. Throws `UserError` where a log is missing or holds no event. */
export async function readUsage(
  logs: readonly string[],
  minor: number | undefined,
  { stdinPieces, progress }: LogOutside,
): Promise<ReadUsage> {
  const table = new UsageTable({ minor });
  const files: ReadLog[] = [];
  for (const log of logs) {
    const reader: LogReader = {
      take: (record) => table.take(record),
      stdin: stdinPieces,
      progress: (records) => progress(`reading ${log}: ${records.toLocaleString('en')} events`),
    };
    files.push(await readAuditLog(log, reader));
  }
  return { usage: table.result(), files };
}

export function windowView(
  window: { readonly first?: number; readonly last?: number } | undefined,
): Partial<WindowView> {
  if (window?.first === undefined || window.last === undefined) return {};
  return { first: new Date(window.first).toISOString(), last: new Date(window.last).toISOString() };
}

export function logView({ usage, files }: ReadUsage): LogView {
  const { requests, allowed, denied, undecided, repeated, window } = usage;
  return { files, ...windowView(window), requests, allowed, denied, undecided, repeated };
}
