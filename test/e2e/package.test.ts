// The package as npm delivers it: packed, installed into an empty folder, and run there.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './run-cli.ts';

describe('the package', () => {
  it('works when installed elsewhere', { timeout: 180_000 }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'nowwhat-package-'));
    execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: root, stdio: 'pipe' });
    const [archive = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
    writeFileSync(join(folder, 'package.json'), '{"name":"empty","private":true}');
    execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', join(folder, archive)], {
      cwd: folder,
      stdio: 'pipe',
    });
    writeFileSync(
      join(folder, 'pod.yaml'),
      'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers: [{name: c, image: "c:1", securityContext: {privileged: true}}]\n',
    );
    for (const name of ['nowwhat', 'kubectl-nowwhat']) {
      const run = spawnSync(join(folder, 'node_modules/.bin', name), ['check', 'pod.yaml'], {
        cwd: folder,
        encoding: 'utf8',
      });
      expect(run.stderr).toBe('');
      expect(run.stdout).toContain('privileged-container');
      expect(run.status).toBe(1);
    }
    expect(
      spawnSync(join(folder, 'node_modules/.bin/nowwhat'), ['explain', 'api-removed'], { encoding: 'utf8' }).stdout,
    ).toContain('How to fix');
  });
});
