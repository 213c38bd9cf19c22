// The traffic of an app as a drawing: readable on light and dark pages, without colour, and by a screen reader.

import {
  type EdgeStatus,
  layOut,
  portWords,
  statusOrder,
  statusWords,
  type TrafficEdge,
  type TrafficReport,
} from '../../../../traffic/index.ts';
import { wrap } from '../../../layout.ts';
import { coverageWords, windowWords } from '../coverage.ts';
import { drawShape, type PartyBox, portMiddle, titleRow, toBoxes } from './boxes.ts';
import { drawLine } from './lines.ts';
import { strokes, styleSheet } from './style.ts';
import { escapeXml, round, widthOf } from './text.ts';

const margin = 28;
const footSize = 12;
const footLine = 18;

interface Drawn {
  readonly text: string;
  readonly width: number;
  readonly height: number;
}

/** Boxes with the order of their lines: what asks for a look is drawn last, above the others. */
function drawGraph(report: TrafficReport, boxes: readonly PartyBox[]): Drawn {
  const indexes = new Map(boxes.map(({ party }, index) => [party.id, index]));
  const links = report.edges.map((edge) => {
    const to = indexes.get(edge.to.id) ?? 0;
    const row = boxes[to]?.ports.indexOf(portWords(edge)) ?? 0;
    return { from: indexes.get(edge.from.id) ?? 0, to, at: portMiddle(Math.max(0, row)) };
  });
  const layout = layOut(
    boxes.map(({ width, height }) => ({ width, height, out: titleRow })),
    links,
  );
  const weight = ({ status, isBlocked }: TrafficEdge): number =>
    (isBlocked === true ? 10 : 0) - statusOrder.indexOf(status);
  const lines = report.edges
    .map((edge, index) => ({ edge, points: layout.edges[index] ?? [] }))
    .sort((a, b) => weight(a.edge) - weight(b.edge))
    .map(({ edge, points }) => drawLine(edge, points));
  const shapes = boxes.map((box, index) => drawShape(box, layout.boxes[index] ?? { x: 0, y: 0, width: box.width }));
  // A loop of the last column needs room at its right.
  const loops = report.edges.some(({ from, to }) => from.id === to.id) ? 40 : 0;
  return { text: [...lines, ...shapes].join('\n'), width: layout.width + loops, height: layout.height };
}

interface LegendEntry {
  readonly words: string;
  readonly ink: string;
  readonly isBlocked: boolean;
}

function legendEntries({ edges }: TrafficReport): LegendEntry[] {
  const number = (status: EdgeStatus): number => edges.filter((edge) => edge.status === status).length;
  const blocked = edges.filter(({ isBlocked }) => isBlocked === true).length;
  return [
    ...statusOrder.toReversed().map((status) => ({
      words: `${statusWords[status]} (${number(status)})`,
      ink: strokes[status].name,
      isBlocked: false,
    })),
    ...(blocked === 0
      ? []
      : [{ words: `policies block it (${blocked})`, ink: strokes['declared-and-seen'].name, isBlocked: true }]),
  ];
}

/** Entries in rows, as many in each as fit. */
function drawLegend(report: TrafficReport, width: number): Drawn {
  let [x, y] = [0, 0];
  const parts = legendEntries(report).map(({ words, ink, isBlocked }) => {
    const needed = 44 + widthOf(words, 12) + 18;
    if (x > 0 && x + needed > width) [x, y] = [0, y + 22];
    const line = `<path class="line ${ink}${isBlocked ? ' blocked' : ''}" d="M${x} ${y + 8}h34"/>`;
    const sign = isBlocked
      ? `<circle class="stop" cx="${x + 17}" cy="${y + 8}" r="7"/><path class="cross" d="M${x + 13.8} ${y + 4.8}l6.4 6.4M${x + 20.2} ${y + 4.8}l-6.4 6.4"/>`
      : '';
    const text = `<text class="foot" x="${x + 42}" y="${y + 12}">${escapeXml(words)}</text>`;
    x += needed;
    return line + sign + text;
  });
  return { text: parts.join(''), width, height: y + 22 };
}

function drawFoot(report: TrafficReport, width: number): Drawn {
  const columns = Math.max(40, Math.floor(width / (footSize * 0.56)));
  const lines = coverageWords(report).flatMap((text) => wrap(text, columns));
  const text = lines.map(
    (line, index) => `<text class="foot" x="0" y="${index * footLine + 13}">${escapeXml(line)}</text>`,
  );
  return { text: text.join(''), width, height: lines.length * footLine };
}

function move(x: number, y: number, { text }: Drawn): string {
  return `<g transform="translate(${round(x)} ${round(y)})">\n${text}\n</g>`;
}

function describe({ edges }: TrafficReport): string {
  return statusOrder
    .map((status) => `${edges.filter((edge) => edge.status === status).length} ${statusWords[status]}`)
    .join(', ');
}

export function renderTrafficSvg(report: TrafficReport): string {
  const graph = drawGraph(report, toBoxes(report));
  const inner = Math.max(560, graph.width);
  const legend = drawLegend(report, inner);
  const foot = drawFoot(report, inner);
  const subtitle = wrap(windowWords(report.window), Math.floor(inner / (footSize * 0.56)));
  const top = margin + 26 + subtitle.length * footLine;
  const graphTop = top + legend.height + 22;
  const footTop = graphTop + graph.height + 26;
  const width = round(inner + 2 * margin);
  const height = round(footTop + foot.height + (foot.height === 0 ? 0 : 8) + margin - 14);
  const title = `Traffic of ${report.source}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title description">`,
    `<title id="title">${escapeXml(title)}</title>`,
    `<desc id="description">${escapeXml(`${report.edges.length} connections: ${describe(report)}. ${windowWords(report.window)}.`)}</desc>`,
    `<style>\n${styleSheet}\n</style>`,
    `<rect class="ground" width="${width}" height="${height}"/>`,
    `<text class="title" x="${margin}" y="${margin + 12}">${escapeXml(title)}</text>`,
    ...subtitle.map(
      (line, index) =>
        `<text class="foot" x="${margin}" y="${margin + 34 + index * footLine}">${escapeXml(line)}</text>`,
    ),
    move(margin, top, legend),
    move(margin + (inner - graph.width) / 2, graphTop, graph),
    move(margin, footTop, foot),
    '</svg>',
    '',
  ].join('\n');
}
