// The traffic of an app as a Mermaid flowchart: lines tell the status without colour too.

import {
  type EdgeStatus,
  hasOneNamespace,
  nameOfParty,
  type Party,
  portWords,
  policyWords,
  type TrafficEdge,
  type TrafficReport,
} from '../../../traffic/index.ts';
import { quoteMermaid as quote } from '../mermaid-text.ts';

const arrows: Readonly<Record<EdgeStatus, string>> = {
  'declared-and-seen': '-->',
  'declared-not-seen': '-.->',
  'not-declared': '==>',
  outside: '-->',
};

const colours: Readonly<Record<EdgeStatus, string>> = {
  'declared-and-seen': '#2e7d32',
  'declared-not-seen': '#8a8f98',
  'not-declared': '#b26a00',
  outside: '#1565c0',
};

const shapes: Readonly<Record<Party['kind'], readonly [string, string]>> = {
  workload: ['[', ']'],
  service: ['([', '])'],
  node: ['[[', ']]'],
  'api-server': ['[[', ']]'],
  outside: ['((', '))'],
  cluster: ['>', ']'],
};

function labelOf(edge: TrafficEdge): string {
  const note = { 'not-declared': 'not declared', 'declared-not-seen': 'never seen' };
  const status = edge.status === 'not-declared' || edge.status === 'declared-not-seen' ? [note[edge.status]] : [];
  const blocked = policyWords(edge).verdict === 'blocked' ? ['blocked'] : [];
  return [portWords(edge), ...status, ...blocked].join(', ');
}

export function renderTrafficMermaid(report: TrafficReport): string {
  const { edges } = report;
  const isShort = hasOneNamespace(report);
  const parties = new Map(edges.flatMap(({ from, to }) => [from, to]).map((party) => [party.id, party]));
  const ids = new Map([...parties.keys()].map((id, index) => [id, `n${index}`]));
  const nodes = [...parties.values()].map((party) => {
    const [open, close] = shapes[party.kind];
    return `  ${ids.get(party.id)}${open}${quote(nameOfParty(party, isShort))}${close}`;
  });
  const links = edges.map(
    (edge) => `  ${ids.get(edge.from.id)} ${arrows[edge.status]}|${quote(labelOf(edge))}| ${ids.get(edge.to.id)}`,
  );
  const styles = edges.map((edge, index) => {
    const colour = edge.isBlocked === true ? '#c62828' : colours[edge.status];
    return `  linkStyle ${index} stroke:${colour}`;
  });
  return ['flowchart LR', ...nodes, ...links, ...styles, ''].join('\n');
}
