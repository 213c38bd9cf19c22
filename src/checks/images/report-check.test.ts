import { describe, expect, it } from 'vitest';
import { createInventory } from '../../inventory/index.ts';
import { snapshotOf } from '../../inventory/snapshot-builder.ts';
import type { Finding, ImageEvidence } from '../../model/index.ts';
import { runChecks } from '../run-checks.ts';
import { imagesChecks } from './index.ts';

const pod = (name: string, image: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\nspec: {containers: [{name: main, image: "${image}"}]}\n`;

function findingsOf(
  check: string,
  images: readonly string[],
  evidence: readonly ImageEvidence[] = [],
): readonly Finding[] {
  const text = images.map((image, index) => pod(`pod-${index}`, image)).join('---\n');
  const inventory = createInventory({ ...snapshotOf(text), evidence });
  const checks = imagesChecks.filter(({ meta }) => meta.id === check);
  return runChecks(checks, inventory, { minor: 34, today: '2026-01-15', allowedRegistries: [] }).findings;
}

const report: ImageEvidence = {
  about: 'image',
  tool: 'Trivy',
  date: '2026-01-10',
  file: 'trivy.json',
  images: ['web:1'],
  digests: [],
  vulnerabilities: [
    { id: 'CVE-1', severity: 'critical', package: 'openssl', installed: '1', fix: 'available', fixed: '2' },
  ],
};

describe('images without a report', () => {
  it.each(['image-not-scanned', 'image-vulnerable', 'image-not-signed', 'image-without-sbom'])(
    '%s asks once where there is no report at all',
    (check) => {
      const findings = findingsOf(check, ['web:1', 'api:1', 'web:1', 'db:1']);
      expect(findings).toHaveLength(1);
      expect(findings[0]).toMatchObject({ verdict: 'unknown', subject: { kind: 'App' } });
      expect(findings[0]?.message).toContain('the 3 images of the app');
      expect(findings[0]?.evidence).toMatch(/web:1.*the same for each other image$/);
    },
  );

  it('a single one is named', () => {
    const [finding, ...others] = findingsOf('image-not-scanned', ['web:1', 'web:1']);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ verdict: 'unknown', subject: { name: 'pod-0', container: 'main' } });
  });

  it('are named each once where others have one, and what fails is told for each container', () => {
    expect(
      findingsOf('image-not-scanned', ['web:1', 'api:1', 'api:1', 'db:1'], [report]).map(({ subject }) => subject.name),
    ).toEqual(['pod-1', 'pod-3']);
    const found = findingsOf('image-vulnerable', ['web:1', 'web:1', 'api:1'], [report]);
    expect(found.map(({ verdict, subject }) => [verdict, subject.name])).toEqual([
      ['fail', 'pod-0'],
      ['fail', 'pod-1'],
      ['unknown', 'pod-2'],
    ]);
  });
});
