import { describe, expect, it } from 'vitest';
import type { ImageEvidence, Vulnerability } from '../../model/index.ts';
import type { Check } from '../check.ts';
import { runOnText } from '../run-on-text.ts';
import { imageInvalid } from './image-invalid.ts';
import { imageLatest } from './image-latest.ts';
import { imageNotDigest } from './image-not-digest.ts';
import { imageNotScanned } from './image-not-scanned.ts';
import { imageNotSigned } from './image-not-signed.ts';
import { imagePullSecret } from './image-pull-secret.ts';
import { imageRegistryNotAllowed } from './image-registry-not-allowed.ts';
import { imageRegistryRetired } from './image-registry-retired.ts';
import { imageVersionsDiffer } from './image-versions-differ.ts';
import { imageVulnerable } from './image-vulnerable.ts';
import { imageWithoutSbom } from './image-without-sbom.ts';

const digest = `sha256:${'1'.repeat(64)}`;
const pod = (image: string, name = 'web', field = 'containers') => `---
apiVersion: v1
kind: Pod
metadata: {name: ${name}}
spec: {${field}: [{name: web, image: "${image}"}]}
`;
const findings = (check: Check, text: string, ...evidence: ImageEvidence[]) =>
  runOnText(check, text, { snapshot: (snapshot) => ({ ...snapshot, evidence }) }).findings;
const report = (rest: Partial<ImageEvidence>): ImageEvidence => ({
  about: 'image',
  tool: 'Trivy',
  date: '2026-01-10',
  file: 'trivy.json',
  images: ['web:1'],
  digests: [],
  ...rest,
});

describe('a tag', () => {
  it.each([
    ['web', 'high', 'no tag is given, which means latest'],
    ['web:latest', 'high', 'the tag is latest'],
    ['web:stable', 'medium', 'the tag is stable'],
  ])('of %s moves', (image, severity, evidence) => {
    expect(findings(imageLatest, pod(image))).toEqual([expect.objectContaining({ severity, evidence })]);
    expect(findings(imageNotDigest, pod(image))).toEqual([]);
  });

  it('with a number stays, and a digest is content', () => {
    expect(findings(imageLatest, pod('web:1'))).toEqual([]);
    expect(findings(imageNotDigest, pod('web:1'))).toHaveLength(1);
    expect(findings(imageLatest, pod(`web:latest@${digest}`))).toEqual([]);
    expect(findings(imageNotDigest, pod(`web@${digest}`))).toEqual([]);
  });

  it('of a debugging session or of a text that is no image is not judged', () => {
    const debug = pod('web:1').replace('spec: {', 'spec: {ephemeralContainers: [{name: debug, image: busybox}], ');
    expect(findings(imageLatest, debug)).toEqual([]);
    expect(findings(imageInvalid, debug.replace('busybox', 'NOT AN IMAGE'))).toEqual([]);
    expect(findings(imageLatest, pod('NOT AN IMAGE'))).toEqual([]);
    expect(findings(imageInvalid, pod('NOT AN IMAGE'))[0]?.evidence).toBe('image is NOT AN IMAGE');
    expect(findings(imageInvalid, pod(''))[0]?.evidence).toBe('image is not set');
  });

  it('differs only between images of one name', () => {
    expect(findings(imageVersionsDiffer, pod('web:1', 'a') + pod('web:2', 'b'))).toHaveLength(1);
    expect(findings(imageVersionsDiffer, pod('web:1', 'a') + pod('web:1', 'b') + pod('api:2', 'c'))).toEqual([]);
    expect(runOnText(imageVersionsDiffer, '').outcome).toBe('not-applicable');
  });
});

describe('a registry', () => {
  it('that is retired is told with its successor', () => {
    expect(findings(imageRegistryRetired, pod('k8s.gcr.io/pause:3.9'))).toEqual([
      expect.objectContaining({
        severity: 'medium',
        message: expect.stringMatching(/gets no more updates; the images are now at "registry\.k8s\.io"$/),
      }),
    ]);
    expect(findings(imageRegistryRetired, pod('bitnami/redis:7.2'))).toEqual([
      expect.objectContaining({ severity: 'high', message: expect.stringMatching(/no longer serves fixed versions/) }),
    ]);
  });

  it('that may ask for credentials is told once for all its workloads', () => {
    const told = (text: string) => findings(imagePullSecret, text).map(({ message, evidence }) => [message, evidence]);
    const message = (count: string) => expect.stringContaining(`${count} from "registry.example.com"`);
    expect(told(pod('registry.example.com/a:1'))).toEqual([
      [message('1 workload pulls'), expect.stringContaining('first "web"')],
    ]);
    expect(told(pod('registry.example.com/a:1', 'a') + pod('registry.example.com/b:1', 'b'))).toEqual([
      [message('2 workloads pull'), expect.stringContaining('first "a"')],
    ]);
    expect(told(pod('docker.io/a:1'))).toEqual([]);
    expect(runOnText(imagePullSecret, '').outcome).toBe('not-applicable');
  });

  it.each([
    ['registry.example.com/', 'registry.example.com/shop/web:1', 'pass'],
    ['registry.example.com//', 'registry.example.com/shop/web:1', 'pass'],
    ['registry.example.com/shop', 'registry.example.com/shop-dev/web:1', 'fail'],
    ['*.example.com/shop', 'eu.example.com/shop:1', 'pass'],
    ['*.example.com/shop', 'eu.example.com/shop/web:1', 'pass'],
    ['*.example.com/shop', 'eu.example.com/shop-dev:1', 'fail'],
    ['*.example.com', 'example.com/shop:1', 'fail'],
  ])('allowed as %s and %s: %s', (entry, image, outcome) => {
    expect(runOnText(imageRegistryNotAllowed, pod(image), { allowedRegistries: [entry] }).outcome).toBe(outcome);
  });
});

describe('a report', () => {
  const severe: Vulnerability = { id: 'CVE-1', severity: 'high', package: 'zlib', installed: '1', fix: 'available' };

  it('counts for what it holds', () => {
    const scanned = report({ vulnerabilities: [] });
    const listed = report({ sbom: { components: 3 } });
    const signed = report({ signature: {} });
    const missing = (check: Check, ...evidence: ImageEvidence[]) => findings(check, pod('web:1'), ...evidence).length;
    expect([missing(imageNotScanned, scanned), missing(imageNotScanned, listed, signed)]).toEqual([0, 1]);
    expect([missing(imageWithoutSbom, listed), missing(imageWithoutSbom, scanned, signed)]).toEqual([0, 1]);
    expect([missing(imageNotSigned, signed), missing(imageNotSigned, scanned, listed)]).toEqual([0, 1]);
    expect([missing(imageVulnerable, scanned), missing(imageVulnerable, listed)]).toEqual([0, 1]);
  });

  it('of another name with a digest only says nothing of a tag, one with both does', () => {
    const missing = (...images: string[]) =>
      findings(imageNotScanned, pod('web'), report({ images, vulnerabilities: [] })).length;
    expect(missing(`web@${digest}`)).toBe(1);
    expect(missing(`web:latest@${digest}`)).toBe(0);
    expect(missing('NOT AN IMAGE', 'web')).toBe(0);
  });

  it('by a digest in its name is about that content', () => {
    const pinned = pod(`web@${digest}`);
    expect(findings(imageNotScanned, pinned, report({ images: [`web@${digest}`], vulnerabilities: [] }))).toEqual([]);
    expect(findings(imageNotScanned, pinned, report({ images: ['web'], vulnerabilities: [] }))).toHaveLength(1);
  });

  it('of a signature of the same repository shows that only the digest is missing', () => {
    const signed = report({ images: [`web@${digest}`], digests: [digest], signature: {} });
    const evidence = (image: string, ...given: ImageEvidence[]) =>
      findings(imageNotSigned, pod(image), ...given)[0]?.evidence;
    expect(evidence('web:1', signed)).toBe(
      `a signature is there for ${digest}: would be settled by naming the image with its digest`,
    );
    expect(evidence('web:1')).toContain('cosign verify');
    expect(evidence('api:1', signed)).toContain('cosign verify');
    expect(evidence(`web@sha256:${'2'.repeat(64)}`, signed)).toContain('cosign verify');
    expect(evidence('web:1', report({ images: [`web@${digest}`], digests: [digest], vulnerabilities: [] }))).toContain(
      'cosign verify',
    );
  });

  it('is cited with version and date', () => {
    const scan = report({ toolVersion: '0.58.1', vulnerabilities: [severe] });
    expect(findings(imageVulnerable, pod('web:1'), scan)).toEqual([
      expect.objectContaining({
        severity: 'high',
        message: 'image "web:1" has 1 high vulnerability with a fix: CVE-1 in zlib',
        evidence: 'Trivy 0.58.1 on 2026-01-10, trivy.json',
      }),
    ]);
  });

  it('that is worse is told: critical ones first, then by number', () => {
    const critical: Vulnerability = { ...severe, id: 'CVE-2', severity: 'critical' };
    const many = [severe, { ...severe, id: 'CVE-3' }];
    const told = (...lists: (readonly Vulnerability[])[]) =>
      findings(
        imageVulnerable,
        pod('web:1'),
        ...lists.map((vulnerabilities, index) => report({ tool: `tool ${index}`, vulnerabilities })),
      ).map(({ severity, evidence }) => [severity, evidence]);
    expect(told(many, [critical])).toEqual([['critical', 'tool 1 on 2026-01-10, trivy.json']]);
    expect(told([severe], many)).toEqual([['high', 'tool 1 on 2026-01-10, trivy.json']]);
    expect(told(many, [severe])).toEqual([['high', 'tool 0 on 2026-01-10, trivy.json']]);
  });

  it('that is old is named in what is asked', () => {
    const old = report({ date: '2025-01-10', vulnerabilities: [] });
    expect(findings(imageVulnerable, pod('web:1'), old)).toEqual([
      expect.objectContaining({
        message: expect.stringMatching(/not known any more: the report is of 2025-01-10$/),
        evidence: expect.stringMatching(
          /^Trivy on 2025-01-10, trivy\.json; would be settled by: trivy image --format json/,
        ),
      }),
    ]);
    expect(findings(imageWithoutSbom, pod(`registry.example.com/web@${digest}`))[0]?.evidence).toContain(
      '--format cyclonedx --output web-111111111111.cdx.json',
    );
  });
});
