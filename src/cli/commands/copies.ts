// `backup copy` and `backup download`: what the user wrote, carried out and shown.

import { copyTo, download } from '../../app/backups/copies.ts';
import type { CopiedBackup } from '../../backup/index.ts';
import { parseWidth } from '../flags.ts';
import type { Io } from '../io.ts';
import { withProgress } from '../progress.ts';
import { renderCopied, renderDownloaded } from '../reporters/copies.ts';
import { requireStore } from '../store-flags.ts';

export interface CopyFlags {
  readonly store?: string;
  readonly to: string;
  readonly volumes?: boolean;
  readonly output: 'text' | 'json';
  readonly width?: string;
}

export interface DownloadFlags {
  readonly store?: string;
  readonly output?: string;
  readonly force?: boolean;
  readonly width?: string;
}

function lookOf(flags: { readonly width?: string | undefined }, io: Io) {
  return { style: io.style, width: parseWidth(flags.width, io.width), program: io.program };
}

export async function runCopy(backup: string, flags: CopyFlags, io: Io): Promise<number> {
  const order = { store: requireStore(flags, io), backup, to: flags.to, volumes: flags.volumes === true };
  const copied = await withProgress(io, false, (progress) => copyTo(order, progress));
  io.out(
    flags.output === 'json'
      ? `${JSON.stringify({ schema: 'nowwhat.dev/backup-copy/v1', ...copied }, null, 2)}\n`
      : renderCopied(copied, order.to, lookOf(flags, io)),
  );
  return 0;
}

function isCopy(done: object): done is CopiedBackup {
  return 'copied' in done;
}

export async function runDownload(backup: string, flags: DownloadFlags, io: Io): Promise<number> {
  const path = flags.output ?? `${backup}-data.tar.gz`;
  const order = { store: requireStore(flags, io), backup, path, overwrite: flags.force === true };
  const done = await withProgress(io, false, (progress) => download(order, progress));
  io.out(
    isCopy(done) ? renderCopied(done, path, lookOf(flags, io)) : renderDownloaded(backup, done, lookOf(flags, io)),
  );
  return 0;
}
