// The policy for signatures from the command line: by key or identity, for the engine that is seen or named, and never with a private key.

import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { nowwhat } from './run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'nowwhat-signatures-'));
const { publicKey, privateKey } = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const key = join(folder, 'cosign.pub');
writeFileSync(key, publicKey);
const images = ['--images', 'ghcr.io/team/'];

afterAll(() => rmSync(folder, { recursive: true }));

describe('signature-policy', () => {
  it('is for the engine that the input shows', () => {
    const definition = join(folder, 'crd.yaml');
    writeFileSync(
      definition,
      'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: clusterimagepolicies.policy.sigstore.dev}\nspec: {group: policy.sigstore.dev, names: {kind: ClusterImagePolicy, plural: clusterimagepolicies}, scope: Cluster, versions: []}\n',
    );
    const { out, status } = nowwhat(['signature-policy', definition, ...images, '--key', key, '-o', 'json']);
    expect(status).toBe(0);
    const { engine, seen, policy } = JSON.parse(out);
    expect({ engine, seen }).toEqual({ engine: 'policy-controller', seen: true });
    expect(policy.spec.authorities[0].key.data).toBe(publicKey);
  });

  it('is YAML, for the engine that is named', () => {
    const args = ['--engine', 'kyverno', ...images, '--issuer', 'https://issuer.example', '--identity', 'ann'];
    const { out } = nowwhat(['signature-policy', ...args, '--enforce']);
    expect(out).toMatch(/^apiVersion: kyverno\.io\/v1\n/);
    expect(out).toContain('failureAction: Enforce');
    expect(out).toContain('subjectRegExp: ^ann$');
  });

  it('says what is missing, and takes no private key', () => {
    expect(nowwhat(['signature-policy', ...images, '--key', key]).err).toContain('no-policy-engine');
    expect(nowwhat(['signature-policy', ...images, '--engine', 'kyverno']).err).toContain('who signs');
    const secret = join(folder, 'cosign.key');
    writeFileSync(secret, privateKey);
    const { err, status } = nowwhat(['signature-policy', ...images, '--engine', 'kyverno', '--key', secret]);
    expect(status).toBe(2);
    expect(err).toContain('must not leave its place');
    expect(err).not.toContain(privateKey.split('\n')[1]);
  });
});
