// CycloneDX JSON 1.4 and later: a bill of materials of an image, with vulnerabilities where the tool looked for them.

import { asArray, asObject, asString, type Json, type JsonObject, type Vulnerability } from '../../model/index.ts';
import { dated, present, readDay, readDigest, readSeverity } from '../../kube/evidence/report-fields.ts';
import { isPinned, joinVersion, parseOciPackageUrl } from './image-name.ts';
import type { Reader } from './reader.ts';

/** States that say that the vulnerability does not count for this image. Source: CycloneDX 1.6, `impactAnalysisState`. */
const harmless = ['resolved', 'resolved_with_pedigree', 'false_positive', 'not_affected'];

/** Components at every depth; a list, not a recursion, so that no nesting is too deep. */
function listComponents(bom: JsonObject): JsonObject[] {
  const all: JsonObject[] = [];
  let level: readonly Json[] = asArray(bom['components']);
  while (level.length > 0) {
    const objects = level.map((item) => asObject(item));
    for (const object of objects) all.push(object);
    level = objects.flatMap((object) => asArray(object['components']));
  }
  return all;
}

/** Trivy writes `Upgrade openssl to version 3.1.4-r0`; Grype lists the versions that are not affected. */
function readFix(item: JsonObject, affect: JsonObject): Pick<Vulnerability, 'fix' | 'fixed'> {
  const recommended = /\bto version (\S+(?:, \S+)*)/.exec(asString(item['recommendation']) ?? '')?.[1];
  const unaffected = asArray(affect['versions'])
    .map((version) => asObject(version))
    .find((version) => version['status'] === 'unaffected');
  const other = asString(unaffected?.['version']) ?? asString(unaffected?.['range']);
  const fixed = recommended?.replace(/[;.,]+$/, '') ?? other;
  return fixed === undefined ? { fix: 'unknown' } : { fix: 'available', fixed: fixed.replace(/^vers:[^/]+\/>?=?/, '') };
}

function severityOf(item: JsonObject): Vulnerability['severity'] {
  const words = asArray(item['ratings']).map((rating) => readSeverity(asObject(rating)['severity']));
  return words.find((word) => word !== 'unknown') ?? 'unknown';
}

function readVulnerability(item: JsonObject, byRef: ReadonlyMap<string, JsonObject>): Vulnerability[] {
  if (harmless.includes(asString(asObject(item['analysis'])['state']) ?? '')) return [];
  const affects = asArray(item['affects']).map((affect) => asObject(affect));
  return (affects.length === 0 ? [{}] : affects).map((affect: JsonObject) => {
    const ref = asString(affect['ref']) ?? '';
    const component = byRef.get(ref) ?? {};
    return {
      id: asString(item['id']) ?? '',
      severity: severityOf(item),
      package: asString(component['name']) ?? /^pkg:[^/]+\/(?:[^@]*\/)?([^@/?]+)/.exec(ref)?.[1] ?? ref,
      installed: asString(component['version']) ?? '',
      ...readFix(item, affect),
    };
  });
}

function toolOf(metadata: JsonObject): JsonObject {
  const tools = metadata['tools'];
  const list = Array.isArray(tools) ? tools : asArray(asObject(tools)['components']);
  return asObject(list[0]);
}

/** The image's names and digests: Trivy puts them in properties and the package URL, Syft the digest in the version. */
function readImage(component: JsonObject): { readonly images: string[]; readonly digests: string[] } {
  const ociPackage = parseOciPackageUrl(asString(component['purl']) ?? '');
  const properties = asArray(component['properties']).map((item) => asObject(item));
  const values = (suffix: string): string[] =>
    properties
      .filter((item) => asString(item['name'])?.endsWith(suffix) === true)
      .flatMap((item) => asString(item['value']) ?? []);
  const name = joinVersion(asString(component['name']), asString(component['version']));
  const other = [ociPackage?.image ?? ''].filter((each) => isPinned(each));
  return {
    images: present([name, ...other, ...values(':RepoTag')]),
    digests: present([ociPackage?.digest, ...[name, ...values(':RepoDigest')].map((value) => readDigest(value))]),
  };
}

export const cycloneDxReader: Reader = {
  what: 'CycloneDX bill of materials',
  recognises: ([report = {}]) => report['bomFormat'] === 'CycloneDX',
  read: ([report = {}], file) => {
    const metadata = asObject(report['metadata']);
    const component = asObject(metadata['component']);
    if (component['type'] !== 'container') return [];
    const tool = toolOf(metadata);
    const components = listComponents(report);
    const byRef = new Map(components.map((each) => [asString(each['bom-ref']) ?? '', each]));
    // Trivy writes an empty list also where it did not look for vulnerabilities: only findings show that somebody did.
    const found = asArray(report['vulnerabilities']).map((item) => asObject(item));
    return [
      {
        about: 'image',
        tool: asString(tool['name']) ?? 'CycloneDX',
        ...dated(asString(tool['version']), readDay(metadata['timestamp'])),
        file,
        ...readImage(component),
        // A bill with findings only is no bill of materials.
        ...(components.length === 0 ? {} : { sbom: { components: components.length } }),
        ...(found.length === 0 ? {} : { vulnerabilities: found.flatMap((item) => readVulnerability(item, byRef)) }),
      },
    ];
  },
};
