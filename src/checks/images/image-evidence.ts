// What checks on reports share: how old one is, how it is cited, and the command that would give one.

import type { ImageReference } from '../../kube/images.ts';
import type { ImageEvidence } from '../../model/index.ts';

/** A scan tells what was known on its day; after a month too much has been found since. */
const freshDays = 30;

/** Whole days from one ISO date to another. */
function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}

/** A report without a date cannot be called fresh. */
export function isStale({ date }: ImageEvidence, today: string): boolean {
  return date === undefined || !(daysBetween(date, today) <= freshDays);
}

/** `Trivy 0.58.1 on 2026-01-10, trivy.json`. */
export function cite({ tool, toolVersion, date, file }: ImageEvidence): string {
  return `${tool}${toolVersion === undefined ? '' : ` ${toolVersion}`}${date === undefined ? '' : ` on ${date}`}, ${file}`;
}

/** A file name that tells the reports of an app's images apart: `web-1.2.3`. */
function fileStem({ repository, tag, digest }: ImageReference): string {
  const name = repository.slice(repository.lastIndexOf('/') + 1);
  return `${name}-${tag ?? digest?.slice(7, 19) ?? 'latest'}`;
}

/** The command that writes a report on this image, and how to give it. */
export function settledByCommand(image: ImageReference, kind: 'scan' | 'sbom'): string {
  const [format, ending] = kind === 'scan' ? ['json', 'trivy.json'] : ['cyclonedx', 'cdx.json'];
  const file = `${fileStem(image)}.${ending}`;
  return `would be settled by: trivy image --format ${format} --output ${file} ${image.familiar}, then --evidence ${file}`;
}
