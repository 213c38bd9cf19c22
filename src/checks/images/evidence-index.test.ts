// Which report counts for which image, and what the checks make of it.

import { describe, expect, it } from 'vitest';
import { createInventory } from '../../inventory/index.ts';
import { snapshotOf } from '../../inventory/snapshot-builder.ts';
import type { ImageEvidence, Vulnerability } from '../../model/index.ts';
import { runChecks } from '../run-checks.ts';
import { imagesChecks } from './index.ts';

const one = `sha256:${'1'.repeat(64)}`;
const two = `sha256:${'2'.repeat(64)}`;

const severe: Vulnerability = {
  id: 'CVE-2025-0001',
  severity: 'critical',
  package: 'openssl',
  installed: '3.0.1',
  fix: 'available',
  fixed: '3.0.2',
};

function scan(images: readonly string[], rest: Partial<ImageEvidence> = {}): ImageEvidence {
  const report = { about: 'image', tool: 'Trivy', date: '2026-01-10', file: 'trivy.json' } as const;
  return { ...report, images, digests: [], vulnerabilities: [], ...rest };
}

function judge(check: string, image: string, ...evidence: readonly ImageEvidence[]) {
  const text = `apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: "${image}"}]}\n`;
  const inventory = createInventory({ ...snapshotOf(text), evidence });
  const checks = imagesChecks.filter(({ meta }) => meta.id === check);
  const { outcomes, findings } = runChecks(checks, inventory, {
    minor: 34,
    today: '2026-01-15',
    allowedRegistries: [],
  });
  return { verdict: outcomes[0]?.verdict, finding: findings[0] };
}

describe('a report is about an image', () => {
  it.each([
    ['nginx:1.27', 'docker.io/library/nginx:1.27'],
    ['docker.io/nginx:1.27', 'nginx:1.27'],
    ['index.docker.io/library/nginx:1.27', 'nginx:1.27'],
    ['nginx', 'nginx:latest'],
    ['registry.example.com:5000/web:1', 'registry.example.com:5000/web:1'],
  ])('where %s is what the report calls %s', (image, called) => {
    expect(judge('image-not-scanned', image, scan([called])).verdict).toBe('pass');
  });

  it.each([
    ['nginx:1.27', 'nginx:1.26'],
    ['nginx:1.27', 'nginx'],
    ['nginx:1.27', 'quay.io/library/nginx:1.27'],
    ['nginx:1.27', 'shop/nginx:1.27'],
    ['nginx:1.27', `nginx@${one}`],
    ['nginx:1.27', '/tmp/image.tar'],
  ])('not where %s is called %s', (image, called) => {
    expect(judge('image-not-scanned', image, scan([called])).verdict).toBe('unknown');
  });

  it('by its digest, also from a mirror, and not by the tag where the digest is another one', () => {
    const pinned = `nginx:1.27@${one}`;
    expect(judge('image-not-scanned', pinned, scan(['mirror.example.com/nginx:x'], { digests: [one] })).verdict).toBe(
      'pass',
    );
    expect(judge('image-not-scanned', pinned, scan(['nginx:1.27'], { digests: [two] })).verdict).toBe('unknown');
    expect(judge('image-not-scanned', pinned, scan(['nginx:1.27'])).verdict).toBe('unknown');
  });

  it('by a digest that the newest report on its tag names', () => {
    const signature = scan([`nginx@${one}`], { digests: [one], signature: {}, tool: 'cosign' });
    expect(judge('image-not-signed', 'nginx:1.27', signature).verdict).toBe('unknown');
    const linked = scan(['nginx:1.27'], { digests: [one] });
    expect(judge('image-not-signed', 'nginx:1.27', signature, linked).verdict).toBe('pass');
    const moved = scan(['nginx:1.27'], { digests: [two], date: '2026-01-12' });
    expect(judge('image-not-signed', 'nginx:1.27', signature, linked, moved).verdict).toBe('unknown');
  });
});

describe('image-vulnerable', () => {
  const vulnerable = scan(['nginx:1.27'], { vulnerabilities: [severe] });

  it('names the worst first and says what fixes it', () => {
    const high: Vulnerability = { ...severe, id: 'CVE-2025-0002', severity: 'high' };
    const many = [high, severe, severe, ...['a', 'b'].map((id): Vulnerability => ({ ...severe, id, package: 'zlib' }))];
    const { finding } = judge('image-vulnerable', 'nginx:1.27', scan(['nginx:1.27'], { vulnerabilities: many }));
    expect(finding?.message).toBe(
      'image "nginx:1.27" has 3 critical and 1 high vulnerabilities with a fix: CVE-2025-0001 in openssl (fixed in 3.0.2), a in zlib (fixed in 3.0.2), b in zlib (fixed in 3.0.2) and 1 more',
    );
    expect(finding?.severity).toBe('critical');
    expect(finding?.evidence).toBe('Trivy on 2026-01-10, trivy.json');
  });

  it('believes a newer scan of the same tool, and no tool over another', () => {
    const newer = scan(['nginx:1.27'], { date: '2026-01-14' });
    expect(judge('image-vulnerable', 'nginx:1.27', vulnerable, newer).verdict).toBe('pass');
    expect(judge('image-vulnerable', 'nginx:1.27', vulnerable, { ...newer, tool: 'Grype' }).verdict).toBe('fail');
  });

  it.each([
    ['2025-12-16', 'pass'],
    ['2025-12-15', 'unknown'],
    ['2026-01-16', 'pass'],
  ])('counts a scan of %s as %s', (date, verdict) => {
    expect(judge('image-vulnerable', 'nginx:1.27', scan(['nginx:1.27'], { date })).verdict).toBe(verdict);
  });

  it('is unknown without a date', () => {
    const { date: _, ...undated } = vulnerable;
    const { verdict, finding } = judge('image-vulnerable', 'nginx:1.27', undated);
    expect(verdict).toBe('unknown');
    expect(finding?.message).toContain('the report is without a date');
  });

  it('is unknown where no tool says whether there is a fix, and settled by one that does', () => {
    const unclear = scan(['nginx:1.27'], { tool: 'Snyk', vulnerabilities: [{ ...severe, fix: 'unknown' }] });
    expect(judge('image-vulnerable', 'nginx:1.27', unclear).verdict).toBe('unknown');
    expect(judge('image-vulnerable', 'nginx:1.27', unclear, scan(['nginx:1.27'])).verdict).toBe('pass');
  });

  it('gives the command that settles it, without overwriting the report on another image', () => {
    const { finding } = judge('image-vulnerable', 'registry.example.com/shop/web:1.2.3');
    expect(finding?.evidence).toBe(
      'would be settled by: trivy image --format json --output web-1.2.3.trivy.json registry.example.com/shop/web:1.2.3, then --evidence web-1.2.3.trivy.json',
    );
  });
});
