import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { clusterOf } from '../../../test/kubernetes/cluster-snapshot.ts';
import { createInventory, positionOf } from '../../inventory/index.ts';
import type { HelmRelease, JsonObject } from '../../model/index.ts';
import { readHelmRelease, runningReleases } from './helm-release.ts';
import { traceReleases } from './trace-releases.ts';

const template = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}-web
spec:
  replicas: {{ .Values.web.replicas }}
`;
const manifest = `---
# Source: shop/templates/secret.yaml
apiVersion: v1
kind: Secret
metadata:
  name: db
stringData:
  password: hunter2hunter2
---
# Source: shop/templates/web.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop-web
spec:
  replicas: 2
`;

const base64 = (text: string | Buffer): string => Buffer.from(text).toString('base64');

function secretOf(release: object, status = 'deployed'): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'helm.sh/release.v1',
    metadata: { name: 'sh.helm.release.v1.shop.v2', namespace: 'shop', labels: { owner: 'helm', status } },
    data: { release: base64(base64(gzipSync(JSON.stringify(release)))) },
  };
}

const stored = {
  name: 'shop',
  namespace: 'shop',
  version: 2,
  manifest,
  config: { db: { password: 'swordfish' } },
  chart: {
    metadata: { name: 'shop', version: '1.2.0' },
    values: { web: { replicas: 2 } },
    templates: [
      { name: 'templates/web.yaml', data: base64(template) },
      { name: 'templates/secret.yaml', data: base64('password: swordfish') },
    ],
  },
};

describe('a release of Helm', () => {
  it('is read without helm, and without its Secrets and values', () => {
    const release = readHelmRelease(secretOf(stored));
    expect(release).toMatchObject({ namespace: 'shop', name: 'shop', revision: 2, chart: 'shop-1.2.0' });
    expect(release?.renderings.map(({ path }) => path)).toEqual(['shop/templates/web.yaml']);
    expect(JSON.stringify(release)).not.toMatch(/hunter2|swordfish/);
  });

  it('is none for former revisions, other Secrets, and what cannot be unpacked', () => {
    expect(readHelmRelease(secretOf(stored, 'superseded'))).toBeUndefined();
    expect(readHelmRelease({ ...secretOf(stored), type: 'Opaque' })).toBeUndefined();
    expect(readHelmRelease({ ...secretOf(stored), data: { release: 'bm8gZ3ppcA==' } })).toBeUndefined();
    expect(readHelmRelease({ ...secretOf(stored), data: {} })).toBeUndefined();
  });

  it('leads from an object of the cluster to the line of its template and the key of its values', () => {
    const release = readHelmRelease(secretOf(stored));
    const live =
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop-web, namespace: shop}\nspec: {replicas: 5}\n';
    const snapshot = traceReleases(clusterOf(live, { releases: release === undefined ? [] : [release] }));
    const inventory = createInventory(snapshot);
    const [web] = inventory.objects;
    expect(web && positionOf(inventory, web, ['spec', 'replicas'])).toMatchObject({
      file: 'shop-1.2.0/templates/web.yaml',
      line: 6,
      valuesKey: 'web.replicas',
    });
  });

  it('runs in its deployed revision, else in the newest', () => {
    const revision = (number: number, status: string, name = 'shop'): HelmRelease => ({
      namespace: 'shop',
      name,
      revision: number,
      status,
      chart: 'shop-1',
      renderings: [],
    });
    const all = [
      revision(3, 'failed'),
      revision(2, 'deployed'),
      revision(1, 'failed', 'other'),
      revision(2, 'pending-upgrade', 'other'),
    ];
    expect(runningReleases(all).map(({ name, revision: number }) => `${name} ${number}`)).toEqual([
      'shop 2',
      'other 2',
    ]);
  });
});
