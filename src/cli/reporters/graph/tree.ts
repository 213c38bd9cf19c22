// The app graph as text: each namespace from its ways in down to what its workloads use and may do.

import type { Graph, GraphEdge, GraphNode } from '../../../inventory/index.ts';
import { pushTo } from '../../../model/index.ts';
import { truncate } from '../../layout.ts';
import { type Style, visible } from '../../style.ts';
import { byNamespace, byReading, groupOf, groupTitles, labelOf, rankOf } from './ranks.ts';

interface Drawing {
  readonly nodes: ReadonlyMap<string, GraphNode>;
  readonly outgoing: ReadonlyMap<string, readonly GraphEdge[]>;
  readonly style: Style;
  readonly width: number;
  /** Nodes whose own branches are drawn already: a second time their name is enough. */
  readonly drawn: Set<string>;
}

/** Edges to one target as one branch: `env, volume`. In the order in which people read. */
function branches(id: string, { outgoing, nodes }: Drawing): { readonly node: GraphNode; readonly uses: string }[] {
  const uses = new Map<string, Set<string>>();
  for (const { to, use } of outgoing.get(id) ?? []) uses.set(to, (uses.get(to) ?? new Set()).add(use));
  return [...uses]
    .flatMap(([to, names]) => {
      const node = nodes.get(to);
      return node === undefined ? [] : [{ node, uses: [...names].join(', ') }];
    })
    .sort((a, b) => byReading(a.node, b.node));
}

function nodeText({ node, uses }: { readonly node: GraphNode; readonly uses: string }, from: GraphNode): string {
  const where = node.namespace === from.namespace || node.namespace === '' ? '' : `${visible(node.namespace)}/`;
  return `${labelOf({ ...node, name: `${where}${node.name}` })}  (${visible(uses)})`;
}

function drawBranches(from: GraphNode, prefix: string, drawing: Drawing): string[] {
  const { style, width, drawn } = drawing;
  const found = branches(from.id, drawing);
  return found.flatMap((branch, index) => {
    const last = index === found.length - 1;
    const again = drawn.has(branch.node.id) && branches(branch.node.id, drawing).length > 0;
    const note = branch.node.present ? (again ? '  see above' : '') : '  not in the input';
    const text = truncate(nodeText(branch, from), Math.max(20, width - prefix.length - 3 - note.length));
    const line = `${style.dim(`${prefix}${last ? '└─ ' : '├─ '}`)}${text}${branch.node.present ? style.dim(note) : style.warn(note)}`;
    if (again) return [line];
    drawn.add(branch.node.id);
    return [line, ...drawBranches(branch.node, `${prefix}${last ? '   ' : '│  '}`, drawing)];
  });
}

/** Where a drawing starts: at what nobody leads to, then at what a circle has left. */
function roots(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): GraphNode[] {
  const led = new Set(edges.filter(({ from, to }) => from !== to).map(({ to }) => to));
  const sorted = [...nodes].filter(({ present }) => present).sort(byReading);
  return [...sorted.filter(({ id }) => !led.has(id)), ...sorted.filter(({ id }) => led.has(id))];
}

function drawNamespace(
  namespace: string,
  nodes: readonly GraphNode[],
  drawing: Drawing,
  edges: readonly GraphEdge[],
): string[] {
  const { style, drawn } = drawing;
  const lines: string[] = [];
  let group = -1;
  for (const root of roots(nodes, edges)) {
    if (drawn.has(root.id)) continue;
    drawn.add(root.id);
    if (groupOf(root) !== group) lines.push(`  ${style.dim(groupTitles[groupOf(root)] ?? '')}`);
    group = groupOf(root);
    lines.push(`    ${style.bold(labelOf(root))}`, ...drawBranches(root, '    ', drawing));
  }
  if (lines.length === 0) return [];
  return [style.bold(namespace === '' ? 'Whole cluster' : `Namespace ${visible(namespace)}`), ...lines, ''];
}

export function renderTree(
  { nodes, edges }: Graph,
  { style, width }: { readonly style: Style; readonly width: number },
): string {
  const outgoing = new Map<string, GraphEdge[]>();
  for (const edge of edges) pushTo(outgoing, edge.from, edge);
  const drawing: Drawing = {
    nodes: new Map(nodes.map((node) => [node.id, node])),
    outgoing,
    style,
    width,
    drawn: new Set(),
  };
  // Namespaces first: what is cluster-wide is drawn where it is used.
  const spaces = byNamespace([...nodes].sort((a, b) => rankOf(a) - rankOf(b)));
  const ordered = [...spaces.filter(([name]) => name !== ''), ...spaces.filter(([name]) => name === '')];
  const present = nodes.filter((node) => node.present).length;
  const missing = nodes.length - present;
  const summary = `${present} objects${missing === 0 ? '' : `, ${missing} named and not in the input`}, ${edges.length} connections`;
  return `${[...ordered.flatMap(([name, group]) => drawNamespace(name, group, drawing, edges)), style.dim(summary), ''].join('\n')}`;
}
