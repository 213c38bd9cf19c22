// What Helm keeps of a release in its Secret: read without helm. Of it stays which template made which object; Secrets are left out, values and templates.

import { gunzipSync } from 'node:zlib';
import { parseManifests } from '../../kube/manifests/parse-manifests.ts';
import {
  asArray,
  asNumber,
  asObject,
  asString,
  type HelmRelease,
  type HelmRendering,
  type JsonObject,
} from '../../model/index.ts';
import { type Rendering, splitBySource } from '../helm/parse-rendering.ts';

/** Bytes of a release once unpacked; Helm's own come to a few megabytes at most. */
const largest = 64 * 1024 * 1024;

/** A revision whose objects may be in the cluster: that of a failed or unfinished release is, where no other one is deployed. */
const present: ReadonlySet<string> = new Set([
  'deployed',
  'failed',
  'pending-install',
  'pending-upgrade',
  'pending-rollback',
]);

/** Base64 of the API server around base64 of Helm around gzip around JSON. Source: Helm, pkg/storage/driver/util.go. */
function unpack(data: string): JsonObject | undefined {
  try {
    const packed = Buffer.from(Buffer.from(data, 'base64').toString('latin1'), 'base64');
    const bytes = packed[0] === 0x1f ? gunzipSync(packed, { maxOutputLength: largest }) : packed;
    return asObject(JSON.parse(bytes.toString('utf8')));
  } catch {
    return undefined;
  }
}

function hasSecret(text: string): boolean {
  const source = { file: '', text, rendered: true };
  const { objects, unreadable } = parseManifests(source, {
    textIndex: 0,
    origin: { kind: 'helm', unit: '' },
    namespace: '',
  });
  return unreadable.length > 0 || objects.some(({ group, kind }) => group === '' && kind === 'Secret');
}

/** Texts of the chart's own templates, by the path that renderings name. Those of subcharts are not kept by Helm. */
function templatesOf(chart: JsonObject, name: string): ReadonlyMap<string, string> {
  return new Map(
    asArray(chart['templates']).map((item) => {
      const template = asObject(item);
      const text = Buffer.from(asString(template['data']) ?? '', 'base64').toString('utf8');
      return [`${name}/${asString(template['name']) ?? ''}`, text];
    }),
  );
}

function toRendering({ path, text }: Rendering, templates: ReadonlyMap<string, string>): HelmRendering[] {
  if (path === '' || hasSecret(text)) return [];
  const template = templates.get(path);
  return [{ path, text, ...(template === undefined ? {} : { template }) }];
}

function toRelease(release: JsonObject, status: string): HelmRelease {
  const chart = asObject(release['chart']);
  const { name, version } = asObject(chart['metadata']);
  const title = asString(name) ?? 'chart';
  const templates = templatesOf(chart, title);
  return {
    namespace: asString(release['namespace']) ?? '',
    name: asString(release['name']) ?? '',
    revision: asNumber(release['version']) ?? 0,
    status,
    chart: `${title}-${asString(version) ?? ''}`,
    renderings: splitBySource(asString(release['manifest']) ?? '').flatMap((each) => toRendering(each, templates)),
  };
}

/** The revision of a release that a Secret holds. `undefined` for former revisions, other Secrets, and what cannot be unpacked. */
export function readHelmRelease(secret: JsonObject): HelmRelease | undefined {
  if (secret['type'] !== 'helm.sh/release.v1') return undefined;
  const status = asString(asObject(asObject(secret['metadata'])['labels'])['status']) ?? '';
  if (!present.has(status)) return undefined;
  const release = unpack(asString(asObject(secret['data'])['release']) ?? '');
  return release === undefined ? undefined : toRelease(release, status);
}

function isBetter(a: HelmRelease, b: HelmRelease): boolean {
  if ((a.status === 'deployed') !== (b.status === 'deployed')) return a.status === 'deployed';
  return a.revision > b.revision;
}

/** Of each release the revision that runs: the deployed one, else the newest. */
export function runningReleases(revisions: readonly HelmRelease[]): HelmRelease[] {
  const best = new Map<string, HelmRelease>();
  for (const release of revisions) {
    const key = `${release.namespace}/${release.name}`;
    const known = best.get(key);
    if (known === undefined || isBetter(release, known)) best.set(key, release);
  }
  return [...best.values()];
}
