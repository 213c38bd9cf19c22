// The demo shows the main job without any cluster, and touches none of the user's.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from './run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'nowwhat-demo-test-'));

afterAll(() => rmSync(folder, { recursive: true }));

describe('the demo', () => {
  it('goes from files over Minikube to production, and leaves nothing behind', { timeout: 120_000 }, () => {
    const own = join(folder, 'config');
    // Whatever reached for this cluster would fail, and so would the demo.
    writeFileSync(
      own,
      '{"current-context": "mine", "clusters": [{"name": "mine", "cluster": {"server": "http://127.0.0.1:1"}}]}',
    );
    const run = spawnSync(process.execPath, ['scripts/demo.mjs'], {
      cwd: root,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] ?? '', HOME: folder, KUBECONFIG: own, TMPDIR: folder, NO_COLOR: '1' },
    });
    expect(run.status, run.stderr).toBe(0);
    const parts = run.stdout.split(/^\$ nowwhat /m).slice(1);
    expect(parts.map((part) => part.split('\n')[0])).toEqual([
      'journey examples/shop/k8s',
      'journey --context minikube',
      'facts --context production',
      'compare --from minikube --to production --prove --yes',
    ]);
    const [files = '', live = '', facts = '', compared = ''] = parts;
    expect(files).toContain('25 objects from 8 files');
    expect(live).toMatch(/objects of minikube in default, which runs v1\.33/);
    expect(live).toContain('1 node, policies not enforced');
    expect(facts).toContain('3 nodes, Calico: policies enforced');
    expect(facts).toContain('metrics API served');
    expect(facts).toContain('3 kubelets: authentication.anonymous.enabled false');
    expect(compared).toContain('admits restricted pods');
    expect(compared).toContain('violates PodSecurity "restricted:latest"');
    expect(compared).toMatch(/Dry run on production: \d+ of \d+ accepted/);
    expect(readdirSync(folder)).toEqual(['config']);
  });
});
