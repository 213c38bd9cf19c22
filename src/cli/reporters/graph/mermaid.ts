// The app graph as a Mermaid flowchart: GitHub and GitLab draw it in a README.

import type { Graph, GraphNode } from '../../../inventory/index.ts';
import { quoteMermaid } from '../mermaid-text.ts';
import { byNamespace, groupOf, labelOf, shortIds } from './ranks.ts';

/** A shape for each group: ways in, services, workloads, data, rights, other. */
const shapes: readonly (readonly [string, string])[] = [
  ['{{', '}}'],
  ['([', '])'],
  ['[', ']'],
  ['[(', ')]'],
  ['[/', '/]'],
  ['[', ']'],
];

function nodeLine(node: GraphNode, ids: ReadonlyMap<string, string>): string {
  const [open, close] = shapes[groupOf(node)] ?? ['[', ']'];
  return `    ${ids.get(node.id)}${open}${quoteMermaid(labelOf(node))}${close}${node.present ? '' : ':::missing'}`;
}

export function renderMermaid(graph: Graph): string {
  const ids = shortIds(graph);
  const spaces = byNamespace(graph.nodes).flatMap(([namespace, nodes], index) => [
    `  subgraph s${index}[${quoteMermaid(namespace === '' ? 'cluster' : namespace)}]`,
    ...nodes.map((node) => nodeLine(node, ids)),
    '  end',
  ]);
  const edges = graph.edges.map(({ from, to, use }) => `  ${ids.get(from)} -->|${quoteMermaid(use)}| ${ids.get(to)}`);
  return ['flowchart LR', '  classDef missing stroke-dasharray: 4 3', ...spaces, ...edges, ''].join('\n');
}
