// Trivy's own JSON: `trivy image -f json`, and `trivy k8s --report all -f json` with one such report a resource.

import {
  asArray,
  asObject,
  asString,
  type ImageEvidence,
  type JsonObject,
  type Vulnerability,
} from '../../model/index.ts';
import { dated, fixedIn, present, readDay, readDigest, readSeverity } from '../../kube/evidence/report-fields.ts';
import type { Reader } from './reader.ts';

function readVulnerability(item: JsonObject): Vulnerability {
  return {
    id: asString(item['VulnerabilityID']) ?? '',
    severity: readSeverity(item['Severity']),
    package: asString(item['PkgName']) ?? '',
    installed: asString(item['InstalledVersion']) ?? '',
    ...fixedIn(asString(item['FixedVersion'])),
  };
}

/**
 * All vulnerabilities of a report, or `undefined` where Trivy did not look for them: a result of class `os-pkgs` or `lang-pkgs` is there when it
 * did, also where it found nothing. Source: trivy `pkg/types/report.go`, SchemaVersion 2.
 */
function readResults(results: readonly JsonObject[]): readonly Vulnerability[] | undefined {
  const scanned = results.filter(
    (result) => Array.isArray(result['Vulnerabilities']) || /^(?:os|lang)-pkgs$/.test(asString(result['Class']) ?? ''),
  );
  if (scanned.length === 0) return undefined;
  return scanned.flatMap((result) =>
    asArray(result['Vulnerabilities']).map((item) => readVulnerability(asObject(item))),
  );
}

interface Scan {
  readonly report: JsonObject;
  readonly metadata: JsonObject;
  readonly name: string | undefined;
  readonly date: string | undefined;
  readonly version: string | undefined;
}

function readScan({ report, metadata, name, date, version }: Scan, file: string): ImageEvidence[] {
  const texts = (key: string): (string | undefined)[] => asArray(metadata[key]).map((item) => asString(item));
  const images = present([name, ...texts('RepoTags')]);
  const digests = present([readDigest(name), ...texts('RepoDigests').map((text) => readDigest(text))]);
  if (images.length + digests.length === 0) return [];
  const vulnerabilities = readResults(asArray(report['Results']).map((item) => asObject(item)));
  return [
    {
      about: 'image',
      tool: 'Trivy',
      ...dated(version, date),
      file,
      images: images.length > 0 ? images : texts('RepoDigests').flatMap((text) => text ?? []),
      digests,
      ...(vulnerabilities === undefined ? {} : { vulnerabilities }),
    },
  ];
}

export const trivyReader: Reader = {
  what: 'vulnerability report of Trivy',
  recognises: ([report = {}]) => 'ArtifactName' in report && ('SchemaVersion' in report || 'Results' in report),
  read: ([report = {}], file) => {
    // Reports of a folder or a repository are not about an image.
    if (!['container_image', undefined].includes(asString(report['ArtifactType']))) return [];
    return readScan(
      {
        report,
        metadata: asObject(report['Metadata']),
        name: asString(report['ArtifactName']),
        date: readDay(report['CreatedAt']),
        version: asString(asObject(report['Trivy'])['Version']),
      },
      file,
    );
  },
};

/** The metadata of a resource is one object, or a list of them where several images were put together. */
function readResource(resource: JsonObject, date: string | undefined, file: string): ImageEvidence[] {
  const list = Array.isArray(resource['Metadata']) ? asArray(resource['Metadata']) : [resource['Metadata'] ?? {}];
  // Findings of several images stand in one list and cannot be told apart: counted for each of them they would be false.
  if (list.length !== 1) return [];
  return readScan({ report: resource, metadata: asObject(list[0]), name: undefined, date, version: undefined }, file);
}

export const trivyKubernetesReader: Reader = {
  what: 'report of Trivy on a cluster',
  recognises: ([report = {}]) => 'ClusterName' in report && ('Resources' in report || 'Findings' in report),
  advice:
    'Write it with `trivy k8s --report all --format json`: a summary puts the findings of several images together.',
  // The summary (`Findings`) joins the findings of all images of a workload under the first one's name: trivy issue 5889.
  read: ([report = {}], file) =>
    asArray(report['Resources']).flatMap((item) => readResource(asObject(item), readDay(report['CreatedAt']), file)),
};
