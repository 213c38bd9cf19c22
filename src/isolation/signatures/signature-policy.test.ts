// Policies for verifying signatures: which engine is there, which images they match, who may have signed, and what a failure means.

import { describe, expect, it } from 'vitest';
import { createInventory } from '../../inventory/index.ts';
import { snapshotOf } from '../../inventory/snapshot-builder.ts';
import { valueAt } from '../../model/index.ts';
import { assembleSignaturePolicy, findSignatureEngines, type SignatureEngine, type Signer } from '../index.ts';

const key: Signer = { kind: 'key', pem: 'PEM\n' };
const identity: Signer = { kind: 'identity', issuer: 'https://issuer.example', subject: 'https://github.com/team/.*' };

function make(engine: SignatureEngine, rest: Partial<Parameters<typeof assembleSignaturePolicy>[0]> = {}) {
  const images = ['ghcr.io/team/web'];
  return assembleSignaturePolicy({ engine, images, signer: key, enforce: false, namespaces: [], ...rest });
}

const kyverno = ['spec', 'rules', 0, 'verifyImages', 0];

describe('a policy of Kyverno', () => {
  it('only audits first, and changes no image then, which Kyverno would refuse', () => {
    expect(valueAt(make('kyverno'), kyverno)).toMatchObject({ failureAction: 'Audit', mutateDigest: false });
    expect(valueAt(make('kyverno', { enforce: true }), kyverno)).toMatchObject({
      failureAction: 'Enforce',
      mutateDigest: true,
      required: true,
    });
  });

  it.each([
    ['ghcr.io/team/web', ['ghcr.io/team/web:*', 'ghcr.io/team/web@*']],
    ['ghcr.io/team/', ['ghcr.io/team/*']],
    ['team/web', ['docker.io/team/web:*', 'docker.io/team/web@*']],
    ['nginx', ['docker.io/library/nginx:*', 'docker.io/library/nginx@*']],
    ['localhost:5000/web', ['localhost:5000/web:*', 'localhost:5000/web@*']],
  ])('matches %s by its whole name', (image, references) => {
    expect(valueAt(make('kyverno', { images: [image] }), [...kyverno, 'imageReferences'])).toEqual(references);
  });

  it('names the signer, as a key or as an identity that is the whole name', () => {
    const entry = [...kyverno, 'attestors', 0, 'entries', 0];
    expect(valueAt(make('kyverno'), entry)).toEqual({ keys: { publicKeys: 'PEM\n' } });
    expect(valueAt(make('kyverno', { signer: identity }), entry)).toMatchObject({
      keyless: { issuer: 'https://issuer.example', subjectRegExp: '^https://github.com/team/.*$' },
    });
  });

  it('holds in the namespaces that are named', () => {
    const resources = ['spec', 'rules', 0, 'match', 'any', 0, 'resources'];
    expect(valueAt(make('kyverno'), resources)).toEqual({ kinds: ['Pod'] });
    expect(valueAt(make('kyverno', { namespaces: ['shop'] }), resources)).toEqual({
      kinds: ['Pod'],
      namespaces: ['shop'],
    });
  });
});

describe('a policy of the Sigstore policy controller', () => {
  it('warns first', () => {
    expect(valueAt(make('policy-controller'), ['spec', 'mode'])).toBe('warn');
    expect(valueAt(make('policy-controller', { enforce: true }), ['spec', 'mode'])).toBe('enforce');
  });

  it('has globs for tags and digests, and Docker Hub under its own name', () => {
    const globs = valueAt(make('policy-controller', { images: ['ghcr.io/team/', 'nginx'] }), ['spec', 'images']);
    expect(globs).toEqual([{ glob: 'ghcr.io/team/**' }, { glob: 'index.docker.io/library/nginx*' }]);
  });

  it('names the signer', () => {
    const authority = ['spec', 'authorities', 0];
    expect(valueAt(make('policy-controller'), authority)).toEqual({ name: 'signer', key: { data: 'PEM\n' } });
    expect(valueAt(make('policy-controller', { signer: identity }), [...authority, 'keyless', 'identities'])).toEqual([
      { issuer: 'https://issuer.example', subjectRegExp: '^https://github.com/team/.*$' },
    ]);
  });
});

describe('the engine', () => {
  const definition = (group: string): string =>
    `---\napiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: x.${group}}\nspec: {group: ${group}, names: {kind: X, plural: x}, scope: Cluster, versions: []}\n`;
  const running = `---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: k, namespace: kyverno}\nspec: {template: {spec: {containers: [{name: k, image: "ghcr.io/kyverno/kyverno:v1.14.0"}]}}}\n`;

  it.each([
    ['', []],
    [definition('kyverno.io'), ['kyverno']],
    [definition('policy.sigstore.dev'), ['policy-controller']],
    [running, ['kyverno']],
    [definition('example.com'), []],
  ])('is seen in %j', (text, engines) => {
    expect(findSignatureEngines(createInventory(snapshotOf(text)))).toEqual(engines);
  });
});
