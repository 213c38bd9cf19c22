// What makes two findings of different runs the same one: never a line number, which moves with every edit.

import type { Finding } from '../model/index.ts';

/** Stable text that identifies a finding across runs. Indexes of lists are left out: items move. */
export function fingerprint({ check, subject, path }: Finding): string {
  const { apiVersion, kind, namespace, name, container = '' } = subject;
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  const place = (path ?? '').replace(/\/\d+(?=\/|$)/g, '/*');
  return [check, group, kind, namespace, name, container, place].join('|');
}

/** Failing findings that a former report does not have. Repeated fingerprints count: a second one is new. */
export function findNew(findings: readonly Finding[], baseline: readonly Finding[]): Finding[] {
  const known = new Map<string, number>();
  for (const finding of baseline.filter(({ verdict }) => verdict === 'fail')) {
    const key = fingerprint(finding);
    known.set(key, (known.get(key) ?? 0) + 1);
  }
  return findings.filter((finding) => {
    if (finding.verdict !== 'fail' || finding.exception !== undefined) return false;
    const key = fingerprint(finding);
    const left = known.get(key) ?? 0;
    known.set(key, left - 1);
    return left <= 0;
  });
}
