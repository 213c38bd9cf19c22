// The connections of an app in the format the user asked for.

import { type ConnectionsReport, groupParties } from '../../../reachability/index.ts';
import type { NetworkFormat } from '../../options.ts';
import type { Rendering } from '../reporter.ts';
import { renderNetworkList } from './list.ts';
import { matrixKey, matrixLines } from './matrix.ts';
import { renderNetworkMermaid } from './mermaid.ts';
import { renderNetworkSvg } from './svg.ts';
import { type NetworkLook, renderNetworkText } from './text.ts';
import { shortNames } from './words.ts';

/** The table alone, however wide it is. */
function renderMatrix(report: ConnectionsReport, { style }: NetworkLook): string {
  const grouped = groupParties(report);
  const { names, legend } = shortNames(report, grouped);
  const lines = matrixLines(grouped, { style, width: Number.POSITIVE_INFINITY, names });
  return [
    `  ${style.dim(`row calls column   ${matrixKey}`)}`,
    '',
    ...lines,
    '',
    ...legend.map((line) => `  ${line}`),
    '',
  ].join('\n');
}

/** A line for each edge, so that a large answer is not one string. */
function* renderJson(report: ConnectionsReport): Generator<string> {
  const { edges, unknown, exposure, ...rest } = report;
  yield `${JSON.stringify(rest, null, 2).slice(0, -2)},\n`;
  const lists = Object.entries({ edges, unknown, exposure });
  for (const [index, [name, list]] of lists.entries()) {
    yield `  "${name}": [`;
    for (const [at, item] of list.entries()) yield `${at === 0 ? '' : ','}\n    ${JSON.stringify(item)}`;
    yield `${list.length === 0 ? '' : '\n  '}]${index === lists.length - 1 ? '' : ','}\n`;
  }
  yield '}\n';
}

export function renderNetwork(report: ConnectionsReport, format: NetworkFormat, look: NetworkLook): Rendering {
  switch (format) {
    case 'text':
      return renderNetworkText(report, look);
    case 'matrix':
      return renderMatrix(report, look);
    case 'list':
      return renderNetworkList(report);
    case 'json':
      return renderJson(report);
    case 'mermaid':
      return renderNetworkMermaid(report);
    case 'svg':
      return renderNetworkSvg(report);
  }
}
