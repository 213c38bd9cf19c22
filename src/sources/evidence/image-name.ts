// Names of images as bills of materials give them: in a name and a version, or in a package URL pkg:oci/NAME@DIGEST?repository_url=…&tag=….

import { readDigest } from '../../kube/evidence/report-fields.ts';

export interface OciPackage {
  readonly image: string;
  readonly digest: string | undefined;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** `undefined` for the URL of anything but an image. Source: package-url/purl-spec, type `oci`. */
export function parseOciPackageUrl(url: string): OciPackage | undefined {
  const match = /^pkg:oci\/([^@?#]+)(?:@([^?#]+))?(?:\?([^#]*))?/.exec(url);
  if (match === null) return undefined;
  const [, name = '', version = '', query = ''] = match;
  const parameters = new URLSearchParams(query);
  const tag = parameters.get('tag');
  return {
    image: `${parameters.get('repository_url') ?? decode(name)}${tag === null || tag === '' ? '' : `:${tag}`}`,
    digest: readDigest(decode(version)),
  };
}

/** Whether a name says which image of a repository is meant: a port of the registry does not. */
export function isPinned(name: string): boolean {
  return /[:@]/.test(name.slice(name.lastIndexOf('/') + 1));
}

/** `alpine` and `3.22` to `alpine:3.22`; a digest as version says nothing of a tag. */
export function joinVersion(name: string | undefined, version: string | undefined): string | undefined {
  if (name === undefined || version === undefined || version === '' || isPinned(name)) return name;
  return `${name}${readDigest(version) === undefined ? ':' : '@'}${version}`;
}
