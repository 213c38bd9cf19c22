// Each format as its tool writes it (fields that nobody reads are left out), and texts that are no report.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Evidence, ImageEvidence } from '../../model/index.ts';
import { parseEvidence } from './parse-evidence.ts';

const digest = `sha256:${'a1'.repeat(32)}`;
const other = `sha256:${'b2'.repeat(32)}`;

function evidenceOf(report: unknown): readonly Evidence[] {
  const parsed = parseEvidence(typeof report === 'string' ? report : JSON.stringify(report), 'report.json');
  return parsed.outcome === 'evidence' ? parsed.evidence : [];
}

function onlyImage(report: unknown): ImageEvidence {
  const evidence = evidenceOf(report);
  expect(evidence).toHaveLength(1);
  return evidence[0] as ImageEvidence;
}

const musl = {
  VulnerabilityID: 'CVE-2025-0001',
  PkgName: 'musl',
  InstalledVersion: '1.2.4-r1',
  FixedVersion: '1.2.4-r2',
  Status: 'fixed',
  Severity: 'CRITICAL',
};

const trivy = {
  SchemaVersion: 2,
  CreatedAt: '2026-01-10T08:00:00.123+02:00',
  ArtifactName: 'alpine:3.19',
  ArtifactType: 'container_image',
  Metadata: { ImageID: other, RepoTags: ['alpine:3.19'], RepoDigests: [`alpine@${digest}`] },
  Results: [
    {
      Target: 'alpine:3.19',
      Class: 'os-pkgs',
      Type: 'alpine',
      Vulnerabilities: [musl, { ...musl, FixedVersion: undefined }],
    },
    { Target: 'app/go', Class: 'lang-pkgs', Type: 'gobinary' },
  ],
};

describe('Trivy', () => {
  it('names the image, its digest and what was found', () => {
    expect(onlyImage(trivy)).toEqual({
      about: 'image',
      tool: 'Trivy',
      date: '2026-01-10',
      file: 'report.json',
      images: ['alpine:3.19'],
      digests: [digest],
      vulnerabilities: [
        {
          id: 'CVE-2025-0001',
          severity: 'critical',
          package: 'musl',
          installed: '1.2.4-r1',
          fix: 'available',
          fixed: '1.2.4-r2',
        },
        { id: 'CVE-2025-0001', severity: 'critical', package: 'musl', installed: '1.2.4-r1', fix: 'none' },
      ],
    });
  });

  it('has looked and found nothing, or has not looked', () => {
    const clean = [{ Target: 'alpine:3.19', Class: 'os-pkgs', Type: 'alpine' }];
    expect(onlyImage({ ...trivy, Results: clean }).vulnerabilities).toEqual([]);
    const secretsOnly = [{ Target: 'alpine:3.19', Class: 'secret' }];
    expect(onlyImage({ ...trivy, Results: secretsOnly }).vulnerabilities).toBeUndefined();
  });

  it('is about no image where it scanned a folder', () => {
    expect(parseEvidence(JSON.stringify({ ...trivy, ArtifactType: 'filesystem' }), 'x')).toMatchObject({
      outcome: 'nothing',
    });
  });

  it('may come as a list of reports', () => {
    expect(evidenceOf([trivy, { ...trivy, ArtifactName: 'nginx:1' }])).toHaveLength(2);
  });

  it('reads a cluster resource by resource, but not its summary', () => {
    const resource = {
      Namespace: 'shop',
      Kind: 'Deployment',
      Name: 'web',
      Metadata: trivy.Metadata,
      Results: trivy.Results,
    };
    const several = { ...resource, Metadata: [trivy.Metadata, trivy.Metadata] };
    const report = onlyImage({
      ClusterName: 'kind',
      Resources: [resource, { Kind: 'Role', Name: 'x', Results: [] }, several],
    });
    expect(report).toMatchObject({ images: ['alpine:3.19'], digests: [digest] });
    expect(report.vulnerabilities).toHaveLength(2);
    expect(parseEvidence(JSON.stringify({ ClusterName: 'kind', Findings: [resource] }), 'x')).toMatchObject({
      outcome: 'nothing',
      advice: expect.stringContaining('--report all'),
    });
  });
});

describe('Grype', () => {
  const match = (id: string, severity: string, fix: unknown) => ({
    vulnerability: { id, severity, fix },
    artifact: { name: 'openssl', version: '3.0.1' },
  });
  const grype = {
    matches: [
      match('CVE-2025-0001', 'Critical', { versions: ['3.0.2', '3.1.1'], state: 'fixed' }),
      match('CVE-2025-0002', 'Negligible', { versions: [], state: 'wont-fix' }),
      match('CVE-2025-0003', 'High', { versions: [], state: 'unknown' }),
    ],
    source: {
      type: 'image',
      target: {
        userInput: 'nginx:1.27',
        imageID: other,
        manifestDigest: digest,
        tags: ['nginx:1.27'],
        repoDigests: [`nginx@${other}`],
      },
    },
    descriptor: { name: 'grype', version: '0.85.0', timestamp: '2026-01-10T08:00:00Z' },
  };

  it('names the image by what the user wrote, by manifest and by index', () => {
    const evidence = onlyImage(grype);
    expect(evidence).toMatchObject({
      tool: 'Grype',
      toolVersion: '0.85.0',
      date: '2026-01-10',
      images: ['nginx:1.27'],
      digests: [digest, other],
    });
    expect(evidence.vulnerabilities?.map(({ severity, fix, fixed }) => [severity, fix, fixed])).toEqual([
      ['critical', 'available', '3.0.2, 3.1.1'],
      ['low', 'none', undefined],
      ['high', 'unknown', undefined],
    ]);
  });

  it('is about no image where it scanned a folder', () => {
    expect(evidenceOf({ ...grype, source: { type: 'directory', target: '.' } })).toEqual([]);
  });
});

describe('SARIF', () => {
  const sarif = (run: unknown) => ({
    version: '2.1.0',
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    runs: [run],
  });

  it('of Trivy names the image in the properties and the fix in the message', () => {
    const run = {
      tool: {
        driver: {
          name: 'Trivy',
          version: '0.58.1',
          rules: [{ id: 'CVE-2025-0001', name: 'OsPackageVulnerability', properties: { 'security-severity': '9.8' } }],
        },
      },
      results: [
        {
          ruleId: 'CVE-2025-0001',
          ruleIndex: 0,
          message: {
            text: 'Package: musl\nInstalled Version: 1.2.4-r1\nVulnerability CVE-2025-0001\nSeverity: HIGH\nFixed Version: 1.2.4-r2\nLink: [x](y)',
          },
        },
        {
          ruleId: 'CVE-2025-0001',
          ruleIndex: 0,
          message: { text: 'Package: zlib\nInstalled Version: 1\nSeverity: HIGH\nFixed Version: \nLink: [x](y)' },
        },
      ],
      properties: { imageName: 'alpine:3.19', repoDigests: [`alpine@${digest}`], repoTags: ['alpine:3.19'] },
    };
    expect(onlyImage(sarif(run))).toMatchObject({
      images: ['alpine:3.19'],
      digests: [digest],
      vulnerabilities: [
        {
          id: 'CVE-2025-0001',
          severity: 'high',
          package: 'musl',
          installed: '1.2.4-r1',
          fix: 'available',
          fixed: '1.2.4-r2',
        },
        { package: 'zlib', fix: 'none' },
      ],
    });
    expect(onlyImage(sarif({ ...run, results: [] })).vulnerabilities).toEqual([]);
  });

  it('of Grype names the image in the locations and the fix in the rule', () => {
    const help =
      'Vulnerability CVE-2025-0001\nSeverity: critical\nPackage: musl\nVersion: 1.2.4-r1\nFix Version: 1.2.4-r2\nType: apk';
    const location = { logicalLocations: [{ fullyQualifiedName: `alpine:3.19@${digest}:/lib/apk/db/installed` }] };
    const run = {
      tool: { driver: { name: 'grype', rules: [{ id: 'CVE-2025-0001-musl', help: { text: help } }] } },
      results: [{ ruleId: 'CVE-2025-0001-musl', message: { text: 'x' }, locations: [location] }],
    };
    expect(onlyImage(sarif(run))).toMatchObject({
      images: [`alpine:3.19@${digest}`],
      digests: [digest],
      vulnerabilities: [
        { id: 'CVE-2025-0001', severity: 'critical', package: 'musl', fix: 'available', fixed: '1.2.4-r2' },
      ],
    });
  });

  it('of Snyk names the image where others name a file, and says nothing of fixes', () => {
    const run = {
      tool: {
        driver: { name: 'Snyk Container', rules: [{ id: 'SNYK-X-1', properties: { 'security-severity': '9.1' } }] },
      },
      results: [
        {
          ruleId: 'SNYK-X-1',
          message: { text: 'x' },
          locations: [{ physicalLocation: { artifactLocation: { uri: 'shop/web:1' } } }],
        },
      ],
    };
    expect(onlyImage(sarif(run))).toMatchObject({
      images: ['shop/web:1'],
      vulnerabilities: [{ id: 'SNYK-X-1', severity: 'critical', fix: 'unknown' }],
    });
  });

  it('of other tools, or of misconfigurations, says nothing of images', () => {
    const eslint = { tool: { driver: { name: 'ESLint', rules: [] } }, results: [] };
    expect(parseEvidence(JSON.stringify(sarif(eslint)), 'x')).toMatchObject({
      outcome: 'nothing',
      what: 'SARIF report',
    });
    const secrets = {
      tool: { driver: { name: 'Trivy', rules: [{ id: 'k', name: 'Secret' }] } },
      results: [{ ruleId: 'k' }],
      properties: { imageName: 'a:1' },
    };
    expect(evidenceOf(sarif(secrets))).toEqual([]);
  });
});

describe('CycloneDX', () => {
  const trivyBom = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    metadata: {
      timestamp: '2026-01-10T08:00:00+00:00',
      tools: { components: [{ type: 'application', name: 'trivy', version: '0.58.1' }] },
      component: {
        type: 'container',
        name: 'alpine:3.19',
        purl: `pkg:oci/alpine@${digest.replace(':', '%3A')}?arch=amd64&repository_url=index.docker.io%2Flibrary%2Falpine`,
        properties: [
          { name: 'aquasecurity:trivy:ImageID', value: other },
          { name: 'aquasecurity:trivy:RepoTag', value: 'alpine:3.19' },
        ],
      },
    },
    components: [
      {
        'bom-ref': 'r1',
        type: 'library',
        name: 'musl',
        version: '1.2.4-r1',
        components: [{ type: 'library', name: 'inner' }],
      },
    ],
    vulnerabilities: [] as unknown[],
  };

  it('is a bill of materials, and no scan where Trivy wrote an empty list', () => {
    const evidence = onlyImage(trivyBom);
    expect(evidence).toMatchObject({
      tool: 'trivy',
      toolVersion: '0.58.1',
      images: ['alpine:3.19'],
      digests: [digest],
      sbom: { components: 2 },
    });
    expect(evidence.vulnerabilities).toBeUndefined();
  });

  it('is a scan too where it lists vulnerabilities; those that do not affect the image are left out', () => {
    const found = {
      id: 'CVE-2025-0001',
      ratings: [{ source: { name: 'nvd' }, severity: 'critical', score: 9.8 }],
      recommendation: 'Upgrade musl to version 1.2.4-r2',
      affects: [{ ref: 'r1', versions: [{ version: '1.2.4-r1', status: 'affected' }] }],
    };
    const vulnerabilities = [
      found,
      { ...found, id: 'CVE-2025-0002', recommendation: undefined },
      { ...found, id: 'CVE-2025-0003', analysis: { state: 'not_affected' } },
    ];
    expect(onlyImage({ ...trivyBom, vulnerabilities }).vulnerabilities).toEqual([
      {
        id: 'CVE-2025-0001',
        severity: 'critical',
        package: 'musl',
        installed: '1.2.4-r1',
        fix: 'available',
        fixed: '1.2.4-r2',
      },
      { id: 'CVE-2025-0002', severity: 'critical', package: 'musl', installed: '1.2.4-r1', fix: 'unknown' },
    ]);
  });

  it('of Syft has the digest as version, which says nothing of the tag', () => {
    const metadata = {
      tools: [{ vendor: 'anchore', name: 'syft', version: '1.0.0' }],
      component: { type: 'container', name: 'alpine', version: digest },
    };
    expect(onlyImage({ ...trivyBom, metadata })).toMatchObject({
      tool: 'syft',
      images: [`alpine@${digest}`],
      digests: [digest],
    });
    const tagged = { ...metadata, component: { type: 'container', name: 'localhost:5000/alpine', version: '3.19' } };
    expect(onlyImage({ ...trivyBom, metadata: tagged }).images).toEqual(['localhost:5000/alpine:3.19']);
  });

  it('of an application is about no image', () => {
    const metadata = { component: { type: 'application', name: 'web' } };
    expect(parseEvidence(JSON.stringify({ ...trivyBom, metadata }), 'x')).toMatchObject({ outcome: 'nothing' });
  });
});

describe('SPDX', () => {
  const spdx = {
    spdxVersion: 'SPDX-2.3',
    SPDXID: 'SPDXRef-DOCUMENT',
    creationInfo: { created: '2026-01-10T08:00:00Z', creators: ['Organization: Anchore, Inc', 'Tool: syft-1.18.0'] },
    packages: [
      { SPDXID: 'SPDXRef-Package-musl', name: 'musl', versionInfo: '1.2.4-r1' },
      {
        SPDXID: 'SPDXRef-DocumentRoot-Image-web',
        name: 'ghcr.io/shop/web',
        versionInfo: '1.2.3',
        primaryPackagePurpose: 'CONTAINER',
        checksums: [{ algorithm: 'SHA256', checksumValue: digest.slice(7) }],
        externalRefs: [{ referenceType: 'purl', referenceLocator: `pkg:oci/web@${digest}?arch=amd64&tag=1.2.3` }],
      },
    ],
  };

  it('is the bill of materials of the package that stands for the image', () => {
    const evidence = onlyImage(spdx);
    expect(evidence).toMatchObject({
      tool: 'syft',
      toolVersion: '1.18.0',
      date: '2026-01-10',
      digests: [digest],
      sbom: { components: 1 },
    });
    expect(evidence.images[0]).toBe('ghcr.io/shop/web:1.2.3');
  });

  it('of a folder is about no image', () => {
    expect(evidenceOf({ ...spdx, packages: spdx.packages.slice(0, 1) })).toEqual([]);
  });
});

describe('cosign', () => {
  const signature = (reference: string, optional: unknown) => ({
    critical: {
      identity: { 'docker-reference': reference },
      image: { 'docker-manifest-digest': digest },
      type: 'cosign container image signature',
    },
    optional,
  });

  it('says who signed which digest', () => {
    const optional = {
      Issuer: 'https://token.actions.githubusercontent.com',
      Subject: 'https://github.com/shop/web/.github/workflows/release.yml@refs/heads/main',
      Bundle: { Payload: { integratedTime: 1768032000 } },
    };
    expect(onlyImage([signature('ghcr.io/shop/web', optional)])).toEqual({
      about: 'image',
      tool: 'cosign',
      date: '2026-01-10',
      file: 'report.json',
      images: [`ghcr.io/shop/web@${digest}`],
      digests: [digest],
      signature: { identity: optional.Subject, issuer: optional.Issuer },
    });
  });

  it('verified with a key names nobody; a reference with a tag is kept', () => {
    expect(onlyImage([signature('ghcr.io/shop/web:1.2.3', null)])).toMatchObject({
      images: ['ghcr.io/shop/web:1.2.3'],
      signature: {},
    });
  });

  it('attestations of a bill of materials count as the bill, not as a signature', () => {
    const statement = (predicateType: string) => ({
      payloadType: 'application/vnd.in-toto+json',
      payload: Buffer.from(
        JSON.stringify({
          predicateType,
          subject: [{ name: 'ghcr.io/shop/web', digest: { sha256: digest.slice(7) } }],
          predicate: { bomFormat: 'CycloneDX', components: [{ name: 'müsl' }] },
        }),
      ).toString('base64'),
      signatures: [{ sig: 'x' }],
    });
    const lines = `${JSON.stringify(statement('https://cyclonedx.org/bom'))}\n${JSON.stringify(statement('https://slsa.dev/provenance/v1'))}\n`;
    const evidence = onlyImage(lines);
    expect(evidence).toMatchObject({ digests: [digest], sbom: { components: 1 } });
    expect(evidence.signature).toBeUndefined();
  });
});

describe('kube-bench', () => {
  const controls = {
    id: '1',
    version: 'cis-1.10',
    detected_version: '1.31',
    text: 'Control Plane Security Configuration',
    node_type: 'master',
    tests: [
      {
        section: '1.2',
        desc: 'API Server',
        results: [
          {
            test_number: '1.2.15',
            test_desc: 'Ensure that the --profiling argument is set to false (Automated)',
            status: 'FAIL',
            scored: true,
          },
          { test_number: '1.2.16', test_desc: 'x', status: 'SKIPPED' },
        ],
      },
    ],
  };
  const expected = [
    {
      id: '1.2.15',
      text: 'Ensure that the --profiling argument is set to false (Automated)',
      status: 'FAIL',
      nodeType: 'master',
    },
  ];

  it.each([
    ['with totals', { Controls: [controls], Totals: { total_fail: 1 } }],
    ['as a list', [controls]],
    ['as one object', controls],
  ])('gives results of controls %s', (_, report) => {
    expect(evidenceOf(report)).toEqual([
      { about: 'cluster', tool: 'kube-bench', file: 'report.json', benchmark: 'cis-1.10', results: expected },
    ]);
  });
});

describe('objects of the Trivy operator', () => {
  const object = {
    apiVersion: 'aquasecurity.github.io/v1alpha1',
    kind: 'VulnerabilityReport',
    report: {
      artifact: { repository: 'library/nginx', tag: '1.16', digest },
      registry: { server: 'index.docker.io' },
      scanner: { name: 'Trivy', version: '0.58.1' },
      updateTimestamp: '2026-01-10T08:00:00Z',
      vulnerabilities: [
        {
          vulnerabilityID: 'CVE-2025-0001',
          resource: 'apt',
          severity: 'HIGH',
          installedVersion: '1',
          fixedVersion: '2',
        },
      ],
    },
  };

  it('are read from a list as kubectl gives it, beside other objects', () => {
    const list = { apiVersion: 'v1', kind: 'List', items: [object, { apiVersion: 'v1', kind: 'Pod' }] };
    expect(onlyImage(list)).toMatchObject({
      images: ['index.docker.io/library/nginx:1.16'],
      digests: [digest],
      vulnerabilities: [{ id: 'CVE-2025-0001', severity: 'high', package: 'apt', fix: 'available', fixed: '2' }],
    });
  });

  it('are read as YAML', () => {
    const yaml =
      'apiVersion: aquasecurity.github.io/v1alpha1\nkind: SbomReport\nreport:\n  artifact: {repository: web, tag: "1"}\n  summary: {componentsCount: 7}\n';
    expect(onlyImage(yaml)).toMatchObject({ images: ['web:1'], sbom: { components: 7 } });
  });
});

describe('a text that is no report', () => {
  it.each([
    ['', 'empty'],
    [' \n', 'empty'],
    ['hello', 'not-json'],
    ['{"a": 1', 'not-json'],
    ['{}', 'unknown-format'],
    ['[]', 'unknown-format'],
    ['null', 'unknown-format'],
    ['7', 'unknown-format'],
    ['{"ArtifactName": 3}', 'unknown-format'],
  ])('%j is told: %s', (text, outcome) => {
    expect(parseEvidence(text, 'x').outcome).toBe(outcome);
  });

  it('does not repeat the content of the file', () => {
    expect(parseEvidence('password: hunter2', 'x')).not.toMatchObject({ reason: expect.stringContaining('hunter2') });
  });

  it('never throws, whatever stands where the readers look', () => {
    const keys = [
      'ArtifactName',
      'Results',
      'SchemaVersion',
      'Metadata',
      'ClusterName',
      'Resources',
      'matches',
      'descriptor',
      'source',
      'runs',
      'version',
      'tool',
      'results',
      'bomFormat',
      'metadata',
      'component',
      'components',
      'vulnerabilities',
      'spdxVersion',
      'packages',
      'critical',
      'image',
      'Controls',
      'tests',
      'node_type',
      'payload',
      'payloadType',
      'name',
      'type',
    ];
    const leaf = fc.constantFrom<unknown>(
      'CycloneDX',
      'SPDX-2.3',
      '2.1.0',
      'grype',
      'container',
      'application/vnd.in-toto+json',
      '%%%',
      7,
      null,
      true,
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5, depthSize: 'large' },
        leaf,
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom(...keys), tie('tree'), { maxKeys: 8 }),
      ),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        expect(['evidence', 'nothing', 'unknown-format', 'empty']).toContain(
          parseEvidence(JSON.stringify(value), 'x').outcome,
        );
      }),
      { numRuns: 500 },
    );
  });
});
