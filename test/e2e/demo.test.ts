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
  it('goes from files over Minikube to production and a proven backup, and leaves nothing behind', {
    timeout: 300_000,
  }, () => {
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
      'journey shop/k8s',
      'fix shop/k8s --to deployment=1 --config decisions.yaml --write',
      'compare --from minikube --to production',
      'backup create first --context minikube -n default --store kept',
      'drill --from-backup first --context minikube --store kept --yes',
    ]);
    const [files = '', fixed = '', compared = '', saved = '', drilled = ''] = parts;
    expect(files).toMatch(/^ {2}shop +25 objects from 8 files/m);
    expect(fixed).toContain('deployment  ○○○○ → ●○○○  level 1; 1 is wanted');
    expect(compared).toContain('admits restricted pods');
    expect(compared).toContain('"default" refuses pods of "web"');
    expect(saved).toMatch(/first {2}saved: \d+ objects/);
    expect(drilled).toContain('first  comes back as it was');
    expect(drilled).toContain('And yours?');
    expect(readdirSync(folder)).toEqual(['config']);
  });
});
