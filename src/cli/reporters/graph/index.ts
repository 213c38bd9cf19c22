// The app graph in the format the user asked for.

import type { Graph } from '../../../inventory/index.ts';
import type { GraphFormat } from '../../options.ts';
import type { Style } from '../../style.ts';
import { renderDot } from './dot.ts';
import { renderMermaid } from './mermaid.ts';
import { renderTree } from './tree.ts';

export function renderGraph(
  graph: Graph,
  format: GraphFormat,
  options: { readonly style: Style; readonly width: number },
): string {
  switch (format) {
    case 'text':
      return renderTree(graph, options);
    case 'json':
      return `${JSON.stringify({ schema: 'nowwhat.dev/inventory/v1', nodes: graph.nodes, edges: graph.edges }, null, 2)}\n`;
    case 'mermaid':
      return renderMermaid(graph);
    case 'dot':
      return renderDot(graph);
  }
}
