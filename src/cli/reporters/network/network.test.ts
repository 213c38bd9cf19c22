import { describe, expect, it } from 'vitest';
import type { ConnectionsReport, ReportEdge } from '../../../reachability/index.ts';
import type { NetworkFormat } from '../../options.ts';
import { createStyle } from '../../style.ts';
import { renderNetwork } from './index.ts';

const look = { style: createStyle(false), width: 100, showAll: false };

/** Every workload calls every other at a port of its own, so that no two are alike. */
function reportOf(number: number): ConnectionsReport {
  const ids = Array.from({ length: number }, (_, index) => `shop/w${index}[Deployment]`);
  const edges = ids.flatMap((from, a) =>
    ids.flatMap((to, b): ReportEdge[] =>
      a === b ? [] : [{ from, to, protocol: 'TCP', ports: [String(1 + a * number + b)] }],
    ),
  );
  return {
    schema: 'nowwhat.dev/connections/v1',
    source: 'k8s',
    enforcement: { enforced: false, why: 'Flannel on its own does not enforce NetworkPolicies' },
    policies: 1,
    workloads: ids,
    edges,
    unknown: [],
    exposure: [],
  };
}

function render(report: ConnectionsReport, format: NetworkFormat, showAll = false): string {
  const rendering = renderNetwork(report, format, { ...look, showAll });
  return typeof rendering === 'string' ? rendering : [...rendering].join('');
}

function text(report: ConnectionsReport, showAll = false): string {
  return render(report, 'text', showAll);
}

describe('the connections of many workloads', () => {
  it('are cut short in text, and whole where that is asked for', () => {
    const lines = (words: string): number => words.split('\n').filter((line) => line.includes('→')).length;
    expect(lines(text(reportOf(20)))).toBe(200);
    expect(text(reportOf(20))).toContain('  and 180 more (--all, or -o list)');
    expect(lines(text(reportOf(20), true))).toBe(380);
  });

  it('are not drawn where nobody could read it', () => {
    expect(renderNetwork(reportOf(20), 'svg', look)).toContain('</svg>');
    for (const format of ['svg', 'mermaid'] as const)
      expect(() => renderNetwork(reportOf(30), format, look)).toThrow('a drawing of 870 connections shows nothing');
  });
});

describe('the first lines', () => {
  it('warn where the cluster holds nobody to its policies', () => {
    const warning = 'this cluster does not enforce policies, so all of this is open: Flannel on its own';
    expect(text(reportOf(2)).replaceAll(/\n {2}/g, ' ')).toContain(warning);
    const enforced = { ...reportOf(2), enforcement: { enforced: true, why: 'Calico enforces NetworkPolicies' } };
    expect(text(enforced)).toContain('the cluster enforces policies: Calico enforces NetworkPolicies');
  });
});

describe('names of the input', () => {
  it('can neither close a label of a diagram nor write to the terminal', () => {
    const id = 'shop/a"]-->x\u001b[31m[Deployment]';
    const report = {
      ...reportOf(1),
      workloads: [id],
      edges: [{ from: id, to: '{ingress-controller}', protocol: 'All' as const }],
    };
    for (const format of ['text', 'list', 'matrix', 'mermaid', 'svg'] as const) {
      expect(render(report, format)).not.toContain('\u001b');
    }
    expect(render(report, 'mermaid')).not.toContain('a"]');
  });
});
