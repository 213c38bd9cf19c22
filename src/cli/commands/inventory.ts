// `inventory`: what the app is made of, and what leads to what.

import { readConfig } from '../../app/read-config.ts';
import { assembleGraph, type Graph, prepareInventory } from '../../inventory/index.ts';
import type { Io } from '../io.ts';
import type { ReportFlags } from '../options.ts';
import { renderDot, renderGraphJson, renderGraphText, renderMermaid } from '../reporters/graph.ts';
import { writeOutput } from '../write-output.ts';
import { readInputs } from './report.ts';

type GraphFormat = 'text' | 'json' | 'mermaid' | 'dot';

function render(graph: Graph, format: GraphFormat, io: Io): string {
  switch (format) {
    case 'text':
      return renderGraphText(graph, io.style);
    case 'json':
      return renderGraphJson(graph);
    case 'mermaid':
      return renderMermaid(graph);
    case 'dot':
      return renderDot(graph);
  }
}

export async function runInventory(
  inputs: readonly string[],
  flags: Omit<ReportFlags, 'output'> & { readonly output: GraphFormat },
  io: Io,
): Promise<number> {
  const { config } = await readConfig(inputs[0] ?? '.', flags.config);
  const snapshot = await readInputs(inputs, flags, config, io);
  const graph = assembleGraph(await prepareInventory(snapshot));
  for (const { position, reason } of snapshot.unreadable)
    io.err(`${io.style.warn('not read')} ${position.file}:${position.line} ${reason}\n`);
  await writeOutput(render(graph, flags.output, io), flags.outputFile, io);
  return 0;
}
