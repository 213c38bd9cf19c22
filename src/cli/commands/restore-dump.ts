// `restore dump`: shows which database gets which dump, and sends it where somebody agrees.

import { bringDumpBack, type DumpPreview } from '../../app/restores/dumps.ts';
import { type SourceFlags, toClusterOnlyWish } from '../flags.ts';
import type { Io } from '../io.ts';
import { quietly, withProgress } from '../progress.ts';
import { requireStore } from '../store-flags.ts';
import { type Style, visible } from '../style.ts';
import { writeOutput } from '../write-output.ts';
import { sizeText } from '../reporters/backup.ts';
import { requireAgreement } from './plans/agree.ts';

export interface RestoreDumpFlags extends SourceFlags {
  readonly fromBackup: string;
  readonly store?: string;
  readonly to?: string;
  readonly yes?: boolean;
  readonly output: 'text' | 'json';
}

function pathOf({ namespace, pod, container }: DumpPreview['to']): string {
  return visible(`${namespace}/${pod}/${container}`);
}

function render({ record, to, context, server, replaces }: DumpPreview, { bold }: Style): string {
  const lines = [
    '',
    `  ${bold(visible(record.recipe))} as it was in ${pathOf(record)} at ${visible(record.started)}, ${record.bytes} bytes`,
    `  goes into ${bold(pathOf(to))} of ${visible(context === '' ? server : `${context} (${server})`)}:`,
    `  ${replaces}`,
    '',
  ];
  return lines.map((line) => `${line}\n`).join('');
}

export async function runRestoreDump(dump: string | undefined, flags: RestoreDumpFlags, io: Io): Promise<number> {
  const { stdin, environment, today } = io;
  const order = {
    cluster: toClusterOnlyWish(flags),
    store: requireStore(flags, io),
    backup: flags.fromBackup,
    dump,
    to: flags.to,
  };
  const done = await withProgress(io, flags.quiet ?? false, (progress) =>
    bringDumpBack(
      order,
      { stdin, environment, today, progress },
      {
        agree: quietly(progress, (preview) =>
          requireAgreement('Do this?', render(preview, io.errorStyle), flags.yes === true, io),
        ),
      },
    ),
  );
  const { record, to } = done;
  const text =
    flags.output === 'json'
      ? `${JSON.stringify({ schema: 'nowwhat.dev/restored-dump/v1', backup: order.backup, ...record, to }, null, 2)}\n`
      : `  brought back: ${visible(record.recipe)} in ${pathOf(to)}, ${sizeText(record.bytes)}\n`;
  await writeOutput(text, { file: flags.outputFile, quiet: flags.quiet }, io);
  return 0;
}
