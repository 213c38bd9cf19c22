// The app graph as a Mermaid flowchart: GitHub and GitLab draw it in a README.

import type { Graph, GraphNode } from '../../../inventory/index.ts';
import { byNamespace, groupOf, labelOf, shortIds } from './ranks.ts';

/** Mermaid's own escapes; a name can neither close its label nor start markup. */
function quote(text: string): string {
  return `"${text.replace(/["<>#&`\\]/g, (character) => `#${character.charCodeAt(0)};`)}"`;
}

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
  return `    ${ids.get(node.id)}${open}${quote(labelOf(node))}${close}${node.present ? '' : ':::missing'}`;
}

export function renderMermaid(graph: Graph): string {
  const ids = shortIds(graph);
  const spaces = byNamespace(graph.nodes).flatMap(([namespace, nodes], index) => [
    `  subgraph s${index}[${quote(namespace === '' ? 'cluster' : namespace)}]`,
    ...nodes.map((node) => nodeLine(node, ids)),
    '  end',
  ]);
  const edges = graph.edges.map(({ from, to, use }) => `  ${ids.get(from)} -->|${quote(use)}| ${ids.get(to)}`);
  return ['flowchart LR', '  classDef missing stroke-dasharray: 4 3', ...spaces, ...edges, ''].join('\n');
}
