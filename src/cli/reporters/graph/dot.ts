// The app graph for Graphviz.

import type { Graph, GraphNode } from '../../../inventory/index.ts';
import { byNamespace, groupOf, labelOf, shortIds } from './ranks.ts';

function quote(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

const shapes = ['cds', 'ellipse', 'box', 'cylinder', 'note', 'box'];

function nodeLine(node: GraphNode, ids: ReadonlyMap<string, string>): string {
  const dashed = node.present ? '' : ', style=dashed';
  return `    ${ids.get(node.id)} [label=${quote(labelOf(node))}, shape=${shapes[groupOf(node)] ?? 'box'}${dashed}];`;
}

export function renderDot(graph: Graph): string {
  const ids = shortIds(graph);
  const clusters = byNamespace(graph.nodes).flatMap(([namespace, nodes], index) => [
    `  subgraph cluster_${index} {`,
    `    label=${quote(namespace === '' ? 'cluster' : namespace)}; color=gray;`,
    ...nodes.map((node) => nodeLine(node, ids)),
    '  }',
  ]);
  const edges = graph.edges.map(({ from, to, use }) => `  ${ids.get(from)} -> ${ids.get(to)} [label=${quote(use)}];`);
  const head = [
    'digraph app {',
    '  rankdir=LR;',
    '  node [fontname="sans-serif"];',
    '  edge [fontname="sans-serif", fontsize=10];',
  ];
  return [...head, ...clusters, ...edges, '}', ''].join('\n');
}
