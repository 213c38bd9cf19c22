// The connections of an app as a drawing: lines differ in dash and width too, colour is never the only sign.

import {
  type ConnectionsReport,
  type Grouped,
  type GroupedEdge,
  groupParties,
  namesOf,
} from '../../../reachability/index.ts';
import { layOut } from '../../../traffic/index.ts';
import { wrap } from '../../layout.ts';
import { count } from '../words.ts';
import { drawShape, measure, portMiddle, type Shape, titleRow } from '../traffic/svg/boxes.ts';
import { drawStroke } from '../traffic/svg/lines.ts';
import { styleSheet } from '../traffic/svg/style.ts';
import { escapeXml, round, widthOf } from '../traffic/svg/text.ts';
import { checkDrawing, enforcementWords, groupNames, openWords } from './words.ts';

const margin = 28;
const footLine = 18;

/** Strokes of the traffic drawing, with another meaning here. */
const strokeWords = [
  { stroke: 'asdeclared', words: 'some ports' },
  { stroke: 'undeclared', words: 'all ports' },
  { stroke: 'unseen', words: 'not sure' },
] as const;

function strokeOf({ words, isUnsure }: Pick<GroupedEdge, 'words' | 'isUnsure'>): string {
  if (isUnsure) return 'unseen';
  return words === 'all ports' ? 'undeclared' : 'asdeclared';
}

function withLoops({ groups, edges }: Grouped): GroupedEdge[] {
  const loops = groups.flatMap(({ inner: words }, index): GroupedEdge[] =>
    words === undefined ? [] : [{ from: index, to: index, words, isUnsure: false }],
  );
  return [...edges, ...loops];
}

function labelOf({ words, isUnsure }: GroupedEdge): string {
  return openWords(words, isUnsure);
}

function detailOf(members: readonly string[]): string {
  const [first = ''] = members;
  if (first.endsWith('[External]')) return 'addresses outside';
  if (first.startsWith('{')) return 'the way in';
  return members.length === 1 ? (/\[(\w+)\]$/.exec(first)?.[1] ?? '') : 'alike in all they reach';
}

function shapeOf(members: readonly string[], names: ReadonlyMap<string, string>, ports: readonly string[]): Shape {
  const [first = ''] = members;
  const isOutside = first.endsWith('[External]');
  const words = members.map((member) => names.get(member) ?? member);
  const title = members.length === 1 ? (words[0] ?? '') : `${words[0]} and ${members.length - 1} more`;
  const isApart = isOutside || first.startsWith('{');
  return measure({ title, detail: detailOf(members), ports, isApart, isRound: isOutside });
}

interface Picture {
  readonly text: string;
  readonly width: number;
  readonly height: number;
}

function drawGraph(report: ConnectionsReport, grouped: Grouped, edges: readonly GroupedEdge[]): Picture {
  const names = namesOf([...report.workloads, ...grouped.groups.flatMap(({ members }) => members)]);
  const shapes = grouped.groups.map(({ members }, index) => {
    const ports = new Set(edges.filter(({ to }) => to === index).map(labelOf));
    return shapeOf(members, names, [...ports]);
  });
  const at = (edge: GroupedEdge): number => portMiddle(Math.max(0, shapes[edge.to]?.ports.indexOf(labelOf(edge)) ?? 0));
  const layout = layOut(
    shapes.map(({ width, height }) => ({ width, height, out: titleRow })),
    edges.map((edge) => ({ from: edge.from, to: edge.to, at: at(edge) })),
  );
  const titles = groupNames(report, grouped);
  const lines = edges.map((edge, index) =>
    drawStroke(
      {
        title: `${titles[edge.from]} may call ${titles[edge.to]}: ${labelOf(edge)}`,
        stroke: strokeOf(edge),
        isBlocked: false,
        isLoop: edge.from === edge.to,
      },
      layout.edges[index] ?? [],
    ),
  );
  const boxes = shapes.map((shape, index) =>
    drawShape(shape, layout.boxes[index] ?? { x: 0, y: 0, width: shape.width }),
  );
  const loops = edges.some(({ from, to }) => from === to) ? 40 : 0;
  return { text: [...lines, ...boxes].join('\n'), width: layout.width + loops, height: layout.height };
}

function drawLegend(edges: readonly GroupedEdge[]): string {
  let x = 0;
  return strokeWords
    .map(({ stroke, words }) => {
      const text = `${words} (${edges.filter((edge) => strokeOf(edge) === stroke).length})`;
      const entry = `<path class="line ${stroke}" d="M${x} 8h34"/><text class="foot" x="${x + 42}" y="12">${text}</text>`;
      x += 44 + widthOf(text, 12) + 18;
      return entry;
    })
    .join('');
}

export function renderNetworkSvg(report: ConnectionsReport): string {
  const grouped = groupParties(report);
  checkDrawing(grouped);
  const edges = withLoops(grouped);
  const graph = drawGraph(report, grouped, edges);
  const inner = Math.max(560, graph.width);
  const lines = wrap(enforcementWords(report), Math.floor(inner / 6.7));
  const legendTop = margin + 26 + lines.length * footLine;
  const graphTop = legendTop + 44;
  const [width, height] = [round(inner + 2 * margin), round(graphTop + graph.height + margin)];
  const title = `Connections of ${report.source}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title description">`,
    `<title id="title">${escapeXml(title)}</title>`,
    `<desc id="description">${escapeXml(`${count(edges.length, 'connection')} between ${count(grouped.groups.length, 'box', 'boxes')}; ${enforcementWords(report)}.`)}</desc>`,
    `<style>\n${styleSheet}\n</style>`,
    `<rect class="ground" width="${width}" height="${height}"/>`,
    `<text class="title" x="${margin}" y="${margin + 12}">${escapeXml(title)}</text>`,
    ...lines.map(
      (line, index) =>
        `<text class="foot" x="${margin}" y="${margin + 34 + index * footLine}">${escapeXml(line)}</text>`,
    ),
    `<g transform="translate(${margin} ${legendTop})">${drawLegend(edges)}</g>`,
    `<g transform="translate(${round(margin + (inner - graph.width) / 2)} ${graphTop})">\n${graph.text}\n</g>`,
    '</svg>',
    '',
  ].join('\n');
}
