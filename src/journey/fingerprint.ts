// What makes two findings of different runs the same one: never a line number, which moves with every edit.

import type { Finding } from '../model/index.ts';

/** Stable text that identifies a finding across runs. Indexes of lists are left out: items move. */
export function fingerprint({ check, subject, path }: Pick<Finding, 'check' | 'subject' | 'path'>): string {
  const { apiVersion, kind, namespace, name, container = '' } = subject;
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  const place = (path ?? '').replace(/\/\d+(?=\/|$)/g, '/*');
  return [check, group, kind, namespace, name, container, place].join('|');
}

/** Marks the failing findings that a former report has too. Repeated fingerprints count: of two where there was one, the second is new. */
export function markKnown(findings: readonly Finding[], baseline: readonly Finding[]): Finding[] {
  const left = new Map<string, number>();
  for (const finding of baseline) {
    if (finding.verdict !== 'fail') continue;
    const key = fingerprint(finding);
    left.set(key, (left.get(key) ?? 0) + 1);
  }
  return findings.map((finding) => {
    if (finding.verdict !== 'fail') return finding;
    const key = fingerprint(finding);
    const number = left.get(key) ?? 0;
    if (number === 0) return finding;
    left.set(key, number - 1);
    return { ...finding, known: true };
  });
}
