// Reports of other tools change the answer of the program: given on the command line, in the settings, or beside the manifests.

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/model/index.ts';
import { nowwhat } from './run-cli.ts';

const today = new Date().toISOString().slice(0, 10);
const pod =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: "nginx:1.27"}]}\n';

function scan(image: string, severity = 'CRITICAL'): string {
  const found = {
    VulnerabilityID: 'CVE-2025-0001',
    PkgName: 'openssl',
    InstalledVersion: '3.0.1',
    FixedVersion: '3.0.2',
  };
  return JSON.stringify({
    SchemaVersion: 2,
    CreatedAt: `${today}T00:00:00Z`,
    ArtifactName: image,
    ArtifactType: 'container_image',
    Results: [{ Class: 'os-pkgs', Vulnerabilities: [{ ...found, Severity: severity }] }],
  });
}

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'nowwhat-evidence-'));
  for (const [name, text] of Object.entries({ 'pod.yaml': pod, ...files })) writeFileSync(join(folder, name), text);
  return folder;
}

interface Result {
  readonly findings: readonly Finding[];
  readonly notices: readonly string[];
}

function check(folder: string, ...flags: readonly string[]): Result {
  const { out, err } = nowwhat([
    'check',
    folder,
    '--check',
    'image-vulnerable,image-not-scanned',
    '-o',
    'json',
    ...flags,
  ]);
  expect(err).toBe('');
  return JSON.parse(out) as Result;
}

function verdicts({ findings }: Result): string[] {
  return findings.map(({ check: id, verdict }) => `${id} ${verdict}`);
}

describe('evidence', () => {
  it('is missing: what would settle it is a command', () => {
    const result = check(folderWith({}));
    expect(verdicts(result)).toEqual(['image-vulnerable unknown', 'image-not-scanned unknown']);
    expect(result.findings[0]?.evidence).toContain(
      'trivy image --format json --output nginx-1.27.trivy.json nginx:1.27',
    );
  });

  it('on the command line settles what files cannot tell', () => {
    const elsewhere = folderWith({
      'bad.json': scan('docker.io/library/nginx:1.27'),
      'good.json': scan('nginx:1.27', 'LOW'),
    });
    const bad = check(folderWith({}), '--evidence', join(elsewhere, 'bad.json'));
    expect(verdicts(bad)).toEqual(['image-vulnerable fail']);
    expect(bad.findings[0]).toMatchObject({
      severity: 'critical',
      message: 'image "nginx:1.27" has 1 critical vulnerability with a fix: CVE-2025-0001 in openssl (fixed in 3.0.2)',
      path: '/spec/containers/0/image',
    });
    expect(verdicts(check(folderWith({}), '--evidence', join(elsewhere, 'good.json')))).toEqual([]);
  });

  it('in the settings is found from their folder, and beside the manifests by its content', () => {
    const settings = folderWith({ 'nowwhat.yaml': 'evidence: [scan.sbom]\n', 'scan.sbom': scan('nginx:1.27') });
    expect(verdicts(check(settings))).toEqual(['image-vulnerable fail']);
    expect(verdicts(check(folderWith({ 'scan.json': scan('nginx:1.27') })))).toEqual(['image-vulnerable fail']);
  });

  it('about another image counts for nothing, and is told', () => {
    const elsewhere = folderWith({ 'old.json': scan('nginx:1.25') });
    const result = check(folderWith({}), '--evidence', join(elsewhere, 'old.json'));
    expect(verdicts(result)).toEqual(['image-vulnerable unknown', 'image-not-scanned unknown']);
    expect(result.notices).toEqual([
      `${join(elsewhere, 'old.json')} is about nginx:1.25, which the app does not run; it runs nginx:1.27`,
    ]);
  });

  it('that is none stops the program', () => {
    const { status, err } = nowwhat(['check', folderWith({}), '--evidence', 'README.md']);
    expect(status).toBe(2);
    expect(err).toContain('[invalid-evidence]');
  });

  it('is repeated in the commands that the page offers', () => {
    const elsewhere = folderWith({ 'scan.json': scan('nginx:1.27') });
    const { out } = nowwhat([folderWith({}), '--evidence', join(elsewhere, 'scan.json'), '--width', '300']);
    expect(out).toContain(`--evidence ${join(elsewhere, 'scan.json')}`);
  });
});
