// `network`: who reaches whom on which ports, as the policies have it.

import { readApp } from '../../app/read-app.ts';
import { type Inventory, prepareInventory } from '../../inventory/index.ts';
import { assembleReport, findConnections } from '../../reachability/index.ts';
import { parseWidth, type SourceFlags, toReadWish } from '../flags.ts';
import type { Io } from '../io.ts';
import type { NetworkFormat } from '../options.ts';
import { withProgress } from '../progress.ts';
import { renderNetwork } from '../reporters/network/index.ts';
import { visible } from '../style.ts';
import { writeOutput } from '../write-output.ts';

export interface NetworkFlags extends SourceFlags {
  readonly output: NetworkFormat;
  readonly all?: boolean;
}

export async function readInventory(inputs: readonly string[], flags: SourceFlags, io: Io): Promise<Inventory> {
  const { stdin, environment, today } = io;
  const { snapshot, notices } = await withProgress(io, flags.quiet ?? false, (progress) =>
    readApp(toReadWish(inputs, flags), { stdin, environment, today, progress }),
  );
  for (const notice of notices) io.err(`${io.errorStyle.warn('nowwhat:')} ${notice}\n`);
  for (const { position, reason } of snapshot.unreadable)
    io.err(`${io.errorStyle.warn('not read')} ${visible(`${position.file}:${position.line} ${reason}`)}\n`);
  return prepareInventory(snapshot);
}

export async function runNetwork(inputs: readonly string[], flags: NetworkFlags, io: Io): Promise<number> {
  const report = assembleReport(findConnections(await readInventory(inputs, flags, io)));
  const style = flags.outputFile === undefined ? io.style : io.fileStyle;
  const look = { style, width: parseWidth(flags.width, io.width), showAll: flags.all ?? false };
  await writeOutput(renderNetwork(report, flags.output, look), { file: flags.outputFile, quiet: flags.quiet }, io);
  return 0;
}
