// `inventory`: what the app is made of, and what leads to what.

import { readApp } from '../../app/read-app.ts';
import { assembleGraph, prepareInventory } from '../../inventory/index.ts';
import { parseWidth, type SourceFlags, toReadWish } from '../flags.ts';
import type { Io } from '../io.ts';
import type { GraphFormat } from '../options.ts';
import { withProgress } from '../progress.ts';
import { renderGraph } from '../reporters/graph/index.ts';
import { visible } from '../style.ts';
import { writeOutput } from '../write-output.ts';

export interface InventoryFlags extends SourceFlags {
  readonly output: GraphFormat;
}

export async function runInventory(inputs: readonly string[], flags: InventoryFlags, io: Io): Promise<number> {
  const wish = toReadWish(inputs, flags);
  const { stdin, environment, today } = io;
  const { snapshot } = await withProgress(io, flags.quiet ?? false, (progress) =>
    readApp(wish, { stdin, environment, today, progress }),
  );
  const graph = assembleGraph(await prepareInventory(snapshot));
  const style = flags.outputFile === undefined ? io.style : io.fileStyle;
  const text = renderGraph(graph, flags.output, { style, width: parseWidth(flags.width, io.width) });
  for (const { position, reason } of snapshot.unreadable)
    io.err(`${io.errorStyle.warn('not read')} ${visible(`${position.file}:${position.line} ${reason}`)}\n`);
  await writeOutput(text, { file: flags.outputFile, quiet: flags.quiet }, io);
  return 0;
}
