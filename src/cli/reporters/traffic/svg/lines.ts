// The lines of the drawing: smooth between columns, level where they pass through one.

import { policyWords, portWords, statusWords, type TrafficEdge } from '../../../../traffic/index.ts';
import { strokes } from './style.ts';
import { escapeXml, round } from './text.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

const head = 7;

function curve(from: Point, to: Point): string {
  const bend = (to.x - from.x) / 2;
  return `C${round(from.x + bend)} ${round(from.y)} ${round(to.x - bend)} ${round(to.y)} ${round(to.x)} ${round(to.y)}`;
}

/** Out of a box and back into it. */
function loopPath(start: Point, end: Point): string {
  const far = start.x + 34;
  return `M${round(start.x)} ${round(start.y)}C${round(far)} ${round(start.y)} ${round(far)} ${round(end.y)} ${round(end.x + head)} ${round(end.y)}`;
}

function pathOf(points: readonly Point[]): string {
  const [start, ...rest] = points;
  if (start === undefined) return '';
  let from = start;
  const parts = rest.map((to, index) => {
    const isLevel = index % 2 === 1;
    const part = isLevel ? `L${round(to.x)} ${round(to.y)}` : curve(from, to);
    from = to;
    return part;
  });
  return `M${round(start.x)} ${round(start.y)}${parts.join('')}`;
}

/** The head of the arrow lies before the box: the line ends at its back. */
function shortened(points: readonly Point[], direction: number): Point[] {
  const end = points.at(-1);
  return end === undefined ? [] : [...points.slice(0, -1), { x: end.x - direction * head, y: end.y }];
}

function describeEdge(edge: TrafficEdge): string {
  const { verdict, why } = policyWords(edge);
  const policy = why === '' ? verdict : `${verdict}: ${why}`;
  const source = edge.declared[0] === undefined ? '' : `; declared by ${edge.declared[0].what}`;
  return `${edge.from.name} calls ${edge.to.name}, ${portWords(edge)}: ${statusWords[edge.status]}; policies: ${policy}${source}`;
}

/** A sign on the line that does not need colour. */
function stopSign({ x, y }: Point): string {
  const [left, top] = [round(x), round(y)];
  const arm = 3.2;
  return (
    `<circle class="stop" cx="${left}" cy="${top}" r="7"/>` +
    `<path class="cross" d="M${left - arm} ${top - arm}l${2 * arm} ${2 * arm}M${left + arm} ${top - arm}l${-2 * arm} ${2 * arm}"/>`
  );
}

/** In the gap before the box that is called. */
function signPlace(points: readonly Point[], direction: number): Point {
  const end = points.at(-1) ?? { x: 0, y: 0 };
  return { x: end.x - direction * 22, y: end.y };
}

export interface Drawing {
  /** What a pointer and a screen reader are told. */
  readonly title: string;
  /** Name of the stroke, see style.ts. */
  readonly stroke: string;
  readonly isBlocked: boolean;
  readonly isLoop: boolean;
}

export function drawStroke({ title, stroke, isBlocked, isLoop }: Drawing, points: readonly Point[]): string {
  const [first, last] = [points[0], points.at(-1)];
  const beforeLast = points.at(-2);
  if (first === undefined || last === undefined || beforeLast === undefined) return '';
  const direction = isLoop || last.x < beforeLast.x ? -1 : 1;
  const ink = isBlocked ? 'blocked' : stroke;
  const path = isLoop ? loopPath(first, last) : pathOf(shortened(points, direction));
  const back = round(last.x - direction * head);
  const [x, y] = [round(last.x), round(last.y)];
  return [
    `<g><title>${escapeXml(title)}</title>`,
    `<path class="line ${stroke}${ink === stroke ? '' : ' blocked'}" d="${path}"/>`,
    `<path class="${ink}-head" d="M${x} ${y}L${back} ${y - 4.5}L${back} ${y + 4.5}Z"/>`,
    isBlocked ? stopSign(signPlace(points, direction)) : '',
    '</g>',
  ].join('');
}

export function drawLine(edge: TrafficEdge, points: readonly Point[]): string {
  const drawing = {
    title: describeEdge(edge),
    stroke: strokes[edge.status].name,
    isBlocked: edge.isBlocked === true,
    isLoop: edge.from.id === edge.to.id,
  };
  return drawStroke(drawing, points);
}
