// Where Secrets come from, who gets them in which way, and the steps that follow; values are never in any of it.

import { describe, expect, it } from 'vitest';
import { clusterOf } from '../../../test/kubernetes/cluster-snapshot.ts';
import { createInventory } from '../../inventory/index.ts';
import { snapshotOf } from '../../inventory/snapshot-builder.ts';
import type { Finding } from '../../model/index.ts';
import { findStaticKeys } from '../../checks/secrets/static-cloud-keys.ts';
import { findSecrets, planSecrets, storesPresent } from '../index.ts';

const value = 'aHVudGVyMmh1bnRlcjI=';

function secret(name: string, rest = `data: {password: ${value}}`): string {
  return `---\napiVersion: v1\nkind: Secret\nmetadata: {name: ${name}, namespace: shop}\n${rest}\n`;
}

function pod(container: string, spec = ''): string {
  return `---\napiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\nspec: {containers: [{name: main, image: "a:1"${container === '' ? '' : `, ${container}`}}]${spec}}\n`;
}

const inventoryOf = (text: string) => createInventory(snapshotOf(text));
const views = (text: string) => findSecrets(inventoryOf(text));

describe('a Secret', () => {
  it.each([
    ['as a variable', pod('env: [{name: A, valueFrom: {secretKeyRef: {name: db, key: password}}}]'), 'env'],
    ['whole as variables', pod('envFrom: [{secretRef: {name: db}}]'), 'all'],
    [
      'as a file',
      pod('volumeMounts: [{name: v, mountPath: /s}]', ', volumes: [{name: v, secret: {secretName: db}}]'),
      'file',
    ],
    [
      'as a file of its own',
      pod(
        'volumeMounts: [{name: v, mountPath: /s, subPath: password}]',
        ', volumes: [{name: v, secret: {secretName: db}}]',
      ),
      'subPath',
    ],
    [
      'in a projected volume',
      pod(
        'volumeMounts: [{name: v, mountPath: /s}]',
        ', volumes: [{name: v, projected: {sources: [{secret: {name: db}}]}}]',
      ),
      'file',
    ],
  ])('is handed over %s', (_, text, way) => {
    expect(views(secret('db') + text)).toMatchObject([
      { name: 'db', origin: 'manifest', keys: ['password'], uses: [{ by: 'Pod web', container: 'main', way }] },
    ]);
  });

  it('pulls images, or is used by others than pods', () => {
    expect(views(secret('db') + pod('', ', imagePullSecrets: [{name: db}]'))[0]?.uses).toEqual([
      { by: 'Pod web', way: 'pull' },
    ]);
    const ingress = `---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: door, namespace: shop}\nspec: {tls: [{secretName: db}]}\n`;
    expect(views(secret('db') + ingress)[0]?.uses).toEqual([{ by: 'Ingress door', way: 'other' }]);
  });

  it.each([
    ['is empty in the manifests', secret('db', 'type: Opaque'), 'empty'],
    ['is missing', pod('envFrom: [{secretRef: {name: db}}]'), 'missing'],
    [
      'is filled by External Secrets',
      `---\napiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: e, namespace: shop}\nspec: {target: {name: db}}\n${pod('envFrom: [{secretRef: {name: db}}]')}`,
      'store',
    ],
    [
      'is filled by the CSI driver',
      `---\napiVersion: secrets-store.csi.x-k8s.io/v1\nkind: SecretProviderClass\nmetadata: {name: c, namespace: shop}\nspec: {secretObjects: [{secretName: db}]}\n${secret('db', 'type: Opaque')}`,
      'store',
    ],
  ])('%s', (_, text, origin) => {
    expect(views(text)).toMatchObject([{ namespace: 'shop', name: 'db', origin }]);
  });

  it('of Kubernetes or Helm is left out, and of another namespace is another one', () => {
    expect(views(secret('t', 'type: kubernetes.io/service-account-token'))).toEqual([]);
    expect(views(secret('h', 'type: helm.sh/release.v1'))).toEqual([]);
    const other = secret('db').replace('namespace: shop', 'namespace: other');
    expect(
      views(other + pod('envFrom: [{secretRef: {name: db}}]')).map(({ namespace, origin }) => [namespace, origin]),
    ).toEqual([
      ['other', 'manifest'],
      ['shop', 'missing'],
    ]);
  });

  it('of a cluster has an age and no place', () => {
    const text = secret('db', 'metadata: {name: db, namespace: shop, creationTimestamp: "2025-01-02T03:04:05Z"}');
    const live = clusterOf(text.replace('metadata: {name: db, namespace: shop}\n', ''));
    const objects = live.objects.map((object) => ({
      ...object,
      source: { ...object.source, origin: { kind: 'cluster' as const, unit: 'test' } },
    }));
    const [view] = findSecrets(createInventory({ ...live, objects }));
    expect(view).toMatchObject({ origin: 'cluster', created: '2025-01-02' });
    expect(view).not.toHaveProperty('position');
  });
});

describe('a store', () => {
  it('is there by its definitions or its objects', () => {
    const definition = `---\napiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: sealedsecrets.bitnami.com}\nspec: {group: bitnami.com, names: {kind: SealedSecret, plural: sealedsecrets}, scope: Namespaced, versions: []}\n`;
    expect(storesPresent(inventoryOf(definition))).toEqual(['Sealed Secrets']);
    expect(storesPresent(inventoryOf(secret('db')))).toEqual([]);
  });
});

function finding(check: string, rest: Partial<Finding> = {}): Finding {
  const subject = { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'web' };
  const about = { leg: 'security', level: 4, owner: 'developer', severity: 'high', verdict: 'fail' } as const;
  return { check, ...about, subject, message: 'a message', evidence: 'an evidence', ...rest };
}

describe('the plan', () => {
  function plan(text: string, texts: readonly Finding[] = [], encryption?: Finding) {
    const inventory = inventoryOf(text);
    const shared = { stores: storesPresent(inventory), staticKeys: findStaticKeys(inventory), input: './k8s' };
    return planSecrets({ secrets: findSecrets(inventory), texts, encryption, ...shared });
  }
  const topics = (...args: Parameters<typeof plan>) => plan(...args).map(({ topic }) => topic);

  it('goes from texts to Secrets, from manifests to stores, from variables to files, and keeps values out', () => {
    const text = secret('db') + pod('env: [{name: A, valueFrom: {secretKeyRef: {name: db, key: password}}}]');
    const steps = plan(text, [finding('secret-in-env'), finding('secret-unused')], finding('x', { owner: 'provider' }));
    expect(steps.map(({ topic, owner }) => `${topic} ${owner}`)).toEqual([
      'text developer',
      'manifest developer',
      'file developer',
      'immutable developer',
      'rotation developer',
      'encryption provider',
    ]);
    expect(steps[0]?.commands).toEqual(['nowwhat fix secret-in-env ./k8s']);
    expect(steps[0]?.subjects).toHaveLength(1);
    expect(JSON.stringify(steps)).not.toContain(value);
  });

  it('says who must be restarted for a new value, and who sees it', () => {
    const mounted = pod('volumeMounts: [{name: v, mountPath: /s}]', ', volumes: [{name: v, secret: {secretName: db}}]');
    const renewal = (text: string) => plan(text).find(({ topic }) => topic === 'rotation')?.subjects[0];
    expect(renewal(secret('db') + mounted)).toContain('Pod web sees new files');
    expect(renewal(secret('db') + pod('envFrom: [{secretRef: {name: db}}]'))).toContain('Pod web must be restarted');
    const both = mounted.replace('volumeMounts', 'envFrom: [{secretRef: {name: db}}], volumeMounts');
    expect(renewal(secret('db') + both)).toMatch(/Pod web must be restarted$/);
  });

  it('asks for nothing where nothing is open', () => {
    const sealed = `---\napiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: db, namespace: shop}\nspec: {}\n`;
    const pulled = pod('', ', imagePullSecrets: [{name: db}]');
    expect(topics(sealed + pulled)).toEqual([]);
    expect(topics(secret('db', `immutable: true\ndata: {a: ${value}}`) + pulled)).toEqual(['manifest']);
  });

  it.each([
    ['AWS_ACCESS_KEY_ID', 'eks.amazonaws.com/role-arn'],
    ['GOOGLE_APPLICATION_CREDENTIALS', 'iam.gke.io/gcp-service-account'],
    ['AZURE_CLIENT_SECRET', 'azure.workload.identity/client-id'],
  ])('names the identity that would take the place of %s', (variable, annotation) => {
    const [step] = plan(pod(`env: [{name: ${variable}, value: x}]`)).filter(({ topic }) => topic === 'cloud-identity');
    expect(step?.subjects).toEqual([expect.stringContaining(annotation)]);
  });
});
