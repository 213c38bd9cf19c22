// The app graph as text, JSON, Mermaid and DOT.

import type { Graph, GraphEdge, GraphNode } from '../../inventory/index.ts';
import { type Style, visible } from '../style.ts';

const order = [
  'Ingress',
  'Gateway',
  'HTTPRoute',
  'GRPCRoute',
  'Service',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'CronJob',
  'Job',
  'Pod',
];

function label({ kind, name }: GraphNode): string {
  return visible(`${kind} ${name}`);
}

function rank({ kind }: GraphNode): number {
  const index = order.indexOf(kind);
  return index === -1 ? order.length : index;
}

/** One block for each object that leads somewhere, then those that stand alone. */
export function renderGraphText({ nodes, edges }: Graph, style: Style): string {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const outgoing = new Map<string, GraphEdge[]>();
  for (const edge of edges) outgoing.set(edge.from, [...(outgoing.get(edge.from) ?? []), edge]);
  const sorted = [...nodes]
    .filter(({ present }) => present)
    .sort((a, b) => a.namespace.localeCompare(b.namespace) || rank(a) - rank(b) || a.name.localeCompare(b.name));
  const namespaces = [...new Set(sorted.map(({ namespace }) => namespace))];
  const blocks = namespaces.flatMap((namespace) => [
    style.bold(namespace === '' ? 'whole cluster' : visible(namespace)),
    ...sorted
      .filter((node) => node.namespace === namespace)
      .flatMap((node) => nodeLines(node, outgoing.get(node.id) ?? [], byId, style)),
    '',
  ]);
  return `${blocks.join('\n')}\n`;
}

function nodeLines(
  node: GraphNode,
  edges: readonly GraphEdge[],
  byId: ReadonlyMap<string, GraphNode>,
  style: Style,
): string[] {
  const lines = edges.map(({ to, use }, index) => {
    const target = byId.get(to);
    const branch = index === edges.length - 1 ? '└' : '├';
    const missing = target?.present === false ? style.warn('  not in the input') : '';
    return `    ${style.dim(`${branch} ${use} →`)} ${target === undefined ? visible(to) : label(target)}${missing}`;
  });
  return [`  ${label(node)}`, ...lines];
}

function aliases({ nodes }: Graph): ReadonlyMap<string, string> {
  return new Map(nodes.map(({ id }, index) => [id, `n${index}`]));
}

const quoted = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"');

export function renderMermaid(graph: Graph): string {
  const names = aliases(graph);
  const nodes = graph.nodes.map(
    (node) =>
      `  ${names.get(node.id)}["${label(node).replace(/["<>#&]/g, (character) => `#${character.charCodeAt(0)};`)}"]${node.present ? '' : ':::missing'}`,
  );
  const edges = graph.edges.map(({ from, to, use }) => `  ${names.get(from)} -->|${use}| ${names.get(to)}`);
  return ['flowchart LR', '  classDef missing stroke-dasharray: 4', ...nodes, ...edges, ''].join('\n');
}

export function renderDot(graph: Graph): string {
  const names = aliases(graph);
  const nodes = graph.nodes.map(
    (node) => `  ${names.get(node.id)} [label="${quoted(label(node))}"${node.present ? '' : ', style=dashed'}];`,
  );
  const edges = graph.edges.map(({ from, to, use }) => `  ${names.get(from)} -> ${names.get(to)} [label="${use}"];`);
  return [
    'digraph app {',
    '  rankdir=LR;',
    '  node [shape=box, fontname="sans-serif"];',
    ...nodes,
    ...edges,
    '}',
    '',
  ].join('\n');
}

export function renderGraphJson({ nodes, edges }: Graph): string {
  return `${JSON.stringify({ schema: 'nowwhat.dev/inventory/v1', nodes, edges }, null, 2)}\n`;
}
