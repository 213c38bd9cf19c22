// SPDX JSON 2.2 and 2.3: a bill of materials of an image.

import { asArray, asObject, asString, type JsonObject } from '../../model/index.ts';
import { dated, present, readDay, readDigest } from '../../kube/evidence/report-fields.ts';
import { isPinned, joinVersion, parseOciPackageUrl } from './image-name.ts';
import type { Reader } from './reader.ts';

/** The package that stands for the image itself: Trivy and Syft mark it, older versions of theirs by its id only. */
function isImage(item: JsonObject): boolean {
  if (item['primaryPackagePurpose'] === 'CONTAINER') return true;
  return /^SPDXRef-(?:DocumentRoot-Image|ContainerImage)-/.test(asString(item['SPDXID']) ?? '');
}

function packageUrls(item: JsonObject): string[] {
  return asArray(item['externalRefs']).flatMap((reference) => asString(asObject(reference)['referenceLocator']) ?? []);
}

function checksums(item: JsonObject): string[] {
  return asArray(item['checksums'])
    .map((each) => asObject(each))
    .filter((each) => each['algorithm'] === 'SHA256')
    .map((each) => `sha256:${asString(each['checksumValue']) ?? ''}`);
}

function readTool(creators: readonly string[]): { readonly tool: string; readonly version?: string } {
  const text = creators.find((creator) => creator.startsWith('Tool: '))?.slice(6) ?? 'SPDX';
  const match = /^(.+?)[-@ ]v?(\d.*)$/.exec(text);
  return match === null ? { tool: text } : { tool: match[1] ?? text, version: match[2] ?? '' };
}

export const spdxReader: Reader = {
  what: 'SPDX bill of materials',
  recognises: ([report = {}]) => asString(report['spdxVersion'])?.startsWith('SPDX-2') === true,
  read: ([report = {}], file) => {
    const packages = asArray(report['packages']).map((item) => asObject(item));
    const image = packages.find((item) => isImage(item));
    if (image === undefined) return [];
    const info = asObject(report['creationInfo']);
    const { tool, version } = readTool(asArray(info['creators']).flatMap((item) => asString(item) ?? []));
    const urls = packageUrls(image).flatMap((url) => parseOciPackageUrl(url) ?? []);
    const name = joinVersion(asString(image['name']), asString(image['versionInfo']));
    return [
      {
        about: 'image',
        tool,
        ...dated(version, readDay(info['created'])),
        file,
        images: present([name, ...urls.map((url) => url.image).filter((each) => isPinned(each))]),
        digests: present([
          ...urls.map((url) => url.digest),
          ...[name, ...checksums(image)].map((each) => readDigest(each)),
        ]),
        sbom: { components: packages.length - 1 },
      },
    ];
  },
};
