// Reports that the Trivy operator keeps in the cluster as Kubernetes objects: VulnerabilityReport and SbomReport.

import { asArray, asNumber, asObject, asString, type ImageEvidence, type JsonObject } from '../../model/index.ts';
import { dated, fixedIn, present, readDay, readDigest, readSeverity } from './report-fields.ts';

/** Kinds whose objects are evidence, as the inventory names them. Source: trivy-operator, `aquasecurity.github.io/v1alpha1`. */
export const operatorReportKinds: readonly string[] = [
  'aquasecurity.github.io/VulnerabilityReport',
  'aquasecurity.github.io/SbomReport',
];

function imageName(report: JsonObject): string | undefined {
  const artifact = asObject(report['artifact']);
  const repository = asString(artifact['repository']);
  if (repository === undefined || repository === '') return undefined;
  const server = asString(asObject(report['registry'])['server']) ?? '';
  const tag = asString(artifact['tag']) ?? '';
  return `${server === '' ? '' : `${server}/`}${repository}${tag === '' ? '' : `:${tag}`}`;
}

function readFindings(kind: string, report: JsonObject): Pick<ImageEvidence, 'vulnerabilities' | 'sbom'> {
  if (kind === 'SbomReport') {
    const counted = asNumber(asObject(report['summary'])['componentsCount']);
    return { sbom: { components: counted ?? asArray(asObject(report['components'])['components']).length } };
  }
  const vulnerabilities = asArray(report['vulnerabilities']).map((item) => {
    const found = asObject(item);
    return {
      id: asString(found['vulnerabilityID']) ?? '',
      severity: readSeverity(found['severity']),
      package: asString(found['resource']) ?? '',
      installed: asString(found['installedVersion']) ?? '',
      ...fixedIn(asString(found['fixedVersion'])),
    };
  });
  return { vulnerabilities };
}

/** What a report object says of its image; `undefined` where it names none. */
export function readOperatorReport(raw: JsonObject, file: string): ImageEvidence | undefined {
  const report = asObject(raw['report']);
  const name = imageName(report);
  if (name === undefined) return undefined;
  const scanner = asObject(report['scanner']);
  const created = asString(asObject(raw['metadata'])['creationTimestamp']);
  return {
    about: 'image',
    tool: asString(scanner['name']) ?? 'Trivy',
    ...dated(asString(scanner['version']), readDay(report['updateTimestamp']) ?? readDay(created)),
    file,
    images: [name],
    digests: present([readDigest(asObject(report['artifact'])['digest'])]),
    ...readFindings(asString(raw['kind']) ?? '', report),
  };
}
