import { describe, expect, it } from 'vitest';
import type { Finding } from '../../model/index.ts';
import type { Check } from '../check.ts';
import { runOnText } from '../run-on-text.ts';
import { secretAsEnv } from './secret-as-env.ts';
import { secretInAnnotation } from './secret-in-annotation.ts';
import { secretInArgs } from './secret-in-args.ts';
import { secretInConfigmap } from './secret-in-configmap.ts';
import { secretInEnv } from './secret-in-env.ts';
import { secretInManifest } from './secret-in-manifest.ts';
import { secretTypeMismatch } from './secret-type-mismatch.ts';
import { secretUnused } from './secret-unused.ts';

const pod = (container: string) => `apiVersion: v1
kind: Pod
metadata: {name: web}
spec: {containers: [{name: web, image: web, ${container}}]}
`;
const secret = (more: string) => `apiVersion: v1
kind: Secret
metadata: {name: db}
${more}
`;
const told = (check: Check, text: string): Pick<Finding, 'message' | 'evidence' | 'path'>[] =>
  runOnText(check, text).findings.map(({ message, evidence, path }) => ({ message, evidence, ...(path && { path }) }));

describe('a Secret as environment', () => {
  const one = '{name: P, valueFrom: {secretKeyRef: {name: db, key: p}}}';

  it('is told at its entry, the whole Secret first', () => {
    expect(told(secretAsEnv, pod(`env: [{name: M, value: x}, ${one}]`))).toEqual([
      expect.objectContaining({
        path: '/spec/containers/0/env/1',
        message: expect.stringContaining('gets Secrets as'),
        evidence: '0 envFrom and 1 env entries refer to Secrets',
      }),
    ]);
    expect(
      told(secretAsEnv, pod(`env: [${one}], envFrom: [{configMapRef: {name: s}}, {secretRef: {name: db}}]`)),
    ).toEqual([
      expect.objectContaining({
        path: '/spec/containers/0/envFrom/1',
        message: expect.stringContaining('gets every key of a Secret as'),
        evidence: '1 envFrom and 1 env entries refer to Secrets',
      }),
    ]);
  });

  it('is no ConfigMap', () => {
    expect(told(secretAsEnv, pod('envFrom: [{configMapRef: {name: s}}], env: [{name: M, value: x}]'))).toEqual([]);
  });
});

describe('a secret on a command line', () => {
  it.each([
    ['args: [--password=hunter2]', '/spec/containers/0/args/0', 'the arguments of', 'word 1;'],
    ['args: [serve, --password, hunter2]', '/spec/containers/0/args/2', 'the arguments of', 'word 3;'],
    ['command: [serve, -password, hunter2]', '/spec/containers/0/command/2', 'the command of', 'word 3;'],
  ])('%s is told by its place', (container, path, message, evidence) => {
    expect(told(secretInArgs, pod(container))).toEqual([
      { path, message: expect.stringContaining(message), evidence: expect.stringContaining(evidence) },
    ]);
  });

  it('is not the word after a flag that has its value', () => {
    expect(told(secretInArgs, pod('args: ["--password=$(P)", serve, --verbose, --token, "$(T)"]'))).toEqual([]);
  });
});

describe('a secret in a ConfigMap', () => {
  const settings = (data: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: s}\ndata: ${data}\n`;

  it('is told by its key, and by its line in a settings file', () => {
    const message = (data: string) => told(secretInConfigmap, settings(data)).map((finding) => finding.message);
    expect(message('{PASSWORD: hunter2}')).toEqual(['ConfigMap "s" holds a password under "PASSWORD"']);
    expect(message('{app.properties: "port=80\\nPASSWORD=hunter2\\n"}')).toEqual([
      'ConfigMap "s" holds a password under "app.properties" (setting "PASSWORD")',
    ]);
    expect(message('{id: "-----BEGIN PRIVATE KEY-----\\nabc\\n"}')).toEqual([
      'ConfigMap "s" holds a private key under "id"',
    ]);
  });
});

describe('a secret in an annotation', () => {
  it('is judged by the name without its prefix', () => {
    const note = (key: string) =>
      told(
        secretInAnnotation,
        `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: s, annotations: {${key}: hunter2}}\n`,
      );
    expect(note('example.com/db-password')).toHaveLength(1);
    expect(note('db-password')).toHaveLength(1);
    expect(note('token.example.com/owner')).toEqual([]);
  });
});

describe('Secrets in manifests', () => {
  it('are told by their keys, never by a value', () => {
    expect(
      told(secretInManifest, secret('stringData: {user: shop, password: hunter2, host: "${DB_HOST}", port: 5}')),
    ).toEqual([
      {
        path: '/stringData',
        message: expect.stringContaining('"db"'),
        evidence: '2 keys with a value: user, password',
      },
    ]);
    expect(told(secretInManifest, secret('data: {password: aHVudGVyMg==}'))[0]?.evidence).toBe(
      '1 key with a value: password',
    );
  });

  it.each([
    ['made by Kubernetes', secret('type: kubernetes.io/service-account-token\ndata: {token: YQ==}'), 'not-applicable'],
    ['encrypted by SOPS', secret('data: {password: ENC}\nsops: {version: 3.9.0}'), 'pass'],
    ['empty', secret('type: Opaque'), 'pass'],
  ])('are in order where they are %s', (_, text, outcome) => {
    expect(runOnText(secretInManifest, text).outcome).toBe(outcome);
  });

  it('are not asked about where a cluster keeps them', () => {
    const { outcome } = runOnText(secretInManifest, secret('data: {password: aHVudGVyMg==}'), {
      snapshot: (snapshot) => ({
        ...snapshot,
        objects: snapshot.objects.map((object) => ({
          ...object,
          source: { ...object.source, origin: { ...object.source.origin, kind: 'cluster' as const } },
        })),
      }),
    });
    expect(outcome).toBe('not-applicable');
  });

  it.each([
    ['type: kubernetes.io/tls\ndata: {tls.crt: YQ==}', 'lacks tls.key:', 'keys: tls.crt'],
    ['type: kubernetes.io/ssh-auth', 'lacks ssh-privatekey:', 'keys: none'],
  ])('of a type lack its keys: %s', (more, message, evidence) => {
    expect(told(secretTypeMismatch, secret(more))).toEqual([
      { path: '/type', message: expect.stringContaining(message), evidence },
    ]);
  });

  it('without a type of its own need no keys', () => {
    expect(runOnText(secretTypeMismatch, secret('type: Opaque')).outcome).toBe('not-applicable');
  });
});

describe('a Secret that nothing uses', () => {
  it.each([
    ['beside a workload', `${pod('command: [web]')}---\n${secret('type: Opaque')}`, 'fail'],
    ['that a workload uses', `${pod('envFrom: [{secretRef: {name: db}}]')}---\n${secret('type: Opaque')}`, 'pass'],
    ['alone', secret('type: Opaque'), 'not-applicable'],
    [
      'but Kubernetes itself',
      `${pod('command: [web]')}---\n${secret('type: kubernetes.io/service-account-token')}`,
      'not-applicable',
    ],
    [
      'but perhaps the one its annotation names',
      `${pod('command: [web]')}---\n${secret('').replace('name: db', 'name: db, annotations: {example.com/for: x}')}`,
      'not-applicable',
    ],
  ])('%s', (_, text, outcome) => {
    expect(runOnText(secretUnused, text).outcome).toBe(outcome);
  });
});

it('a container without variables is not asked about them', () => {
  expect(runOnText(secretInEnv, pod('env: []')).outcome).toBe('not-applicable');
  expect(runOnText(secretInEnv, pod('env: [{name: MODE, value: x}]')).outcome).toBe('pass');
});
