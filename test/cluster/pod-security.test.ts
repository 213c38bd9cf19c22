// Levels of a live namespace, and the API server's own answer to a dry run of the labels: it must be what the pods made us expect, at both ends.

import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { asObject } from '../../src/model/index.ts';
import { nowwhat } from '../e2e/run-cli.ts';
import { kubeconfig, openNamespace, type TestNamespace } from './test-cluster.ts';

describe.runIf(kubeconfig !== undefined)('the Pod Security of a live namespace', () => {
  let space: TestNamespace;

  beforeAll(async () => {
    space = await openNamespace();
    const spec = {
      terminationGracePeriodSeconds: 0,
      containers: [{ name: 'web', image: 'nowwhat.test/busybox:1', command: ['sleep', '600'] }],
    };
    // Pods are taken once the namespace has its account.
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec };
    await vi.waitFor(() => space.create('api/v1:pods', pod), { timeout: 120_000, interval: 500 });
  });

  afterAll(async () => {
    await space?.close();
  });

  it('is proven by a dry run, which leaves the labels alone', async () => {
    const args = [
      '--kubeconfig',
      kubeconfig ?? '',
      '--context',
      '.',
      '-n',
      space.name,
      '--prove',
      '--yes',
      '-o',
      'json',
    ];
    const { status, out, err } = nowwhat(['pod-security', ...args]);
    expect(status, err).toBe(0);
    const { namespaces, tried, version } = JSON.parse(out);
    expect(namespaces).toMatchObject([{ namespace: space.name, holds: 'baseline', next: 'restricted' }]);
    expect(tried).toMatchObject([
      { level: 'baseline', version, answer: 'admits', expected: 'admits', words: [] },
      { level: 'restricted', version, answer: 'warns', expected: 'warns' },
    ]);
    expect(tried[1].words.join(' ')).toContain('web: allowPrivilegeEscalation != false');
    const after = await space.client.request({ method: 'GET', path: `/api/v1/namespaces/${space.name}` });
    expect(Object.keys(asObject(asObject(after['metadata'])['labels']))).toEqual(['kubernetes.io/metadata.name']);
  });

  it('sends nothing where nobody agrees', () => {
    const args = ['--kubeconfig', kubeconfig ?? '', '--context', '.', '-n', space.name, '--prove'];
    const refused = nowwhat(['pod-security', ...args]);
    expect(refused.status).toBe(2);
    expect(refused.err).toContain('not-agreed');
  });

  it('gives labels that a plan sets, and that are taken back with it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'nowwhat-labels-'));
    mkdirSync(join(folder, '.nowwhat'));
    const place = ['--kubeconfig', kubeconfig ?? '', '--context', '.', '-n', space.name];
    const run = (...args: readonly string[]) => {
      const { status, out, err } = nowwhat(args, { cwd: folder });
      expect(status, `${args.join(' ')}: ${err}${out}`).toBe(0);
      return out;
    };
    run('pod-security', ...place, '-o', 'yaml', '--enforce', '--output-file', 'labels.yaml', '--prove', '--yes');
    const proofs = JSON.parse(run('proofs', '.', '-o', 'json')).proofs;
    expect(proofs).toMatchObject([
      { proof: { kind: 'pod-security', result: 'holds', negativeControl: { failed: true } } },
    ]);
    run('plan', ...place, '--create', 'labels.yaml', '-o', 'plan.json');
    run('apply', 'plan.json', '--kubeconfig', kubeconfig ?? '', '--yes');
    expect(run('pod-security', ...place)).toContain('enforces baseline');
    run('undo', '--kubeconfig', kubeconfig ?? '', '--yes');
    expect(run('pod-security', ...place)).toContain('enforces nothing');
  });
});
