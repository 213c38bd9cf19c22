// The boxes of the drawing: who it is, and the ports that others call there.

import { hasOneNamespace, type Party, portWords, type TrafficReport } from '../../../../traffic/index.ts';
import { escapeXml, fit, round, widthOf } from './text.ts';

export interface PartyBox extends Shape {
  readonly party: Party;
}

const padding = 12;
const narrowest = 116;
const widest = 250;
export const titleRow = 20;
const headRows = 50;
const portRow = 19;

const kindWords: Readonly<Record<Party['kind'], string>> = {
  workload: '',
  service: 'Service without pods',
  node: 'node',
  'api-server': 'Kubernetes',
  outside: 'outside the cluster',
  cluster: 'in the cluster, not known',
};

function detailOf({ kind, objectKind, namespace, present }: Party, isShort: boolean): string {
  const known = kind === 'workload' ? (objectKind ?? '') : kindWords[kind];
  const text = present || kind === 'cluster' ? known : 'not in the input';
  return isShort || namespace === undefined ? text : `${namespace} · ${text}`;
}

/** Height of the middle of a port's row within its box. */
export function portMiddle(index: number): number {
  return headRows + index * portRow + portRow / 2 - 3;
}

export function toBoxes(report: TrafficReport): PartyBox[] {
  const isShort = hasOneNamespace(report);
  const boxes = new Map<string, { party: Party; ports: Set<string> }>();
  const boxOf = (party: Party): { party: Party; ports: Set<string> } => {
    const known = boxes.get(party.id) ?? { party, ports: new Set<string>() };
    boxes.set(party.id, known);
    return known;
  };
  for (const edge of report.edges) {
    boxOf(edge.from);
    boxOf(edge.to).ports.add(portWords(edge));
  }
  return [...boxes.values()].map(({ party, ports }) => {
    const shape = measure({
      title: party.name,
      detail: detailOf(party, isShort),
      ports: [...ports],
      isApart: party.kind !== 'workload' || !party.present,
      isRound: party.kind === 'outside' || party.kind === 'cluster',
    });
    return { party, ...shape };
  });
}

interface Corner {
  readonly x: number;
  readonly y: number;
  /** Of the column. */
  readonly width: number;
}

/** A box that is measured: its title, a line below, and the ports that others call there. */
export interface Shape {
  readonly title: string;
  readonly detail: string;
  /** `TCP 8080`, one row each. */
  readonly ports: readonly string[];
  readonly width: number;
  readonly height: number;
  /** Dashed: not one of the workloads that the drawing is about. */
  readonly isApart: boolean;
  readonly isRound: boolean;
}

type Measured = 'width' | 'height';

export function measure(shape: Omit<Shape, Measured>): Shape {
  const { title, detail, ports } = shape;
  const needed = Math.max(widthOf(title, 14.5), widthOf(detail, 11), ...ports.map((port) => widthOf(port, 11) + 14));
  const width = Math.min(widest, Math.max(narrowest, needed + 2 * padding));
  return { ...shape, width, height: headRows + ports.length * portRow + (ports.length === 0 ? -2 : 4) };
}

export function drawShape({ title, detail, ports, height, isApart, isRound }: Shape, { x, y, width }: Corner): string {
  const inner = width - 2 * padding;
  const rows = ports.map((port, index) => {
    const middle = round(y + portMiddle(index));
    return `<text class="port" x="${round(x + padding)}" y="${middle + 4}">${escapeXml(fit(port, 11, inner))}</text>`;
  });
  const rule =
    ports.length === 0
      ? ''
      : `<rect class="bar" x="${round(x)}" y="${round(y + headRows - 6)}" width="${round(width)}" height="1"/>`;
  return [
    `<g><title>${escapeXml(`${title}, ${detail}`)}</title>`,
    `<rect class="box${isApart ? ' apart' : ''}" x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="${isRound ? 18 : 7}"/>`,
    `<text class="name" x="${round(x + padding)}" y="${round(y + titleRow)}">${escapeXml(fit(title, 13, inner))}</text>`,
    `<text class="small" x="${round(x + padding)}" y="${round(y + titleRow + 16)}">${escapeXml(fit(detail, 11, inner))}</text>`,
    rule,
    ...rows,
    '</g>',
  ].join('');
}
