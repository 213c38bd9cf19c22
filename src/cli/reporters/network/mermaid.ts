// The connections of an app as a Mermaid flowchart.

import { type ConnectionsReport, groupParties } from '../../../reachability/index.ts';
import { quoteMermaid } from '../mermaid-text.ts';
import { checkDrawing, groupNames, openWords } from './words.ts';

function shapeOf(first: string): readonly [string, string] {
  if (first.endsWith('[External]')) return ['((', '))'];
  return first.startsWith('{') ? ['([', '])'] : ['[', ']'];
}

export function renderNetworkMermaid(report: ConnectionsReport): string {
  const grouped = groupParties(report);
  checkDrawing(grouped);
  const names = groupNames(report, grouped);
  const nodes = grouped.groups.map(({ members: [first = ''] }, index) => {
    const [open, close] = shapeOf(first);
    return `  n${index}${open}${quoteMermaid(names[index] ?? '')}${close}`;
  });
  const loops = grouped.groups.flatMap(({ inner }, index) =>
    inner === undefined ? [] : [`  n${index} -->|${quoteMermaid(inner)}| n${index}`],
  );
  const lines = grouped.edges.map(({ from, to, words, isUnsure }) => {
    const label = openWords(words, isUnsure);
    return `  n${from} ${isUnsure ? '-.->' : '-->'}|${quoteMermaid(label)}| n${to}`;
  });
  return ['flowchart LR', ...nodes, ...loops, ...lines, ''].join('\n');
}
