import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/programs/temporary-folder.ts';
import { findOnPath, findProgram } from './find-program.ts';
import { runProgram } from './run-program.ts';

function nodeRun(script: string, timeout = 10_000) {
  return runProgram({ program: process.execPath, args: ['-e', script], environment: {}, timeout });
}

describe('running a program', () => {
  it('gives status and both outputs', async () => {
    const run = await nodeRun('console.log("out"); console.error("err"); process.exit(3)');
    expect(run).toEqual({ ended: 'exited', status: 3, stdout: 'out\n', stderr: 'err\n' });
  });

  it('keeps characters whole that span chunks of output', async () => {
    const run = await nodeRun('process.stdout.write("a" + "ü€".repeat(200_000))');
    expect(run).toMatchObject({ stdout: `a${'ü€'.repeat(200_000)}` });
  });

  it('passes arguments without a shell', async () => {
    const args = ['-e', 'console.log(process.argv[1])', '$(id); `id` | cat'];
    const run = await runProgram({ program: process.execPath, args, environment: {}, timeout: 10_000 });
    expect(run).toMatchObject({ stdout: '$(id); `id` | cat\n' });
  });

  it('kills what takes too long, also where a child holds the output open', async () => {
    const started = Date.now();
    const run = await nodeRun(
      'require("child_process").spawn(process.execPath, ["-e", "setTimeout(() => {}, 20000)"], { stdio: "inherit" }); setInterval(() => {}, 1000)',
      500,
    );
    expect(run).toEqual({ ended: 'timed-out' });
    expect(Date.now() - started).toBeLessThan(15_000);
  });

  it('says when a program cannot be started', async () => {
    const run = await runProgram({ program: '/nowhere/helm', args: [], environment: {}, timeout: 1000 });
    expect(run.ended).toBe('not-started');
  });
});

describe('finding a program', () => {
  function folderWith(name: string): string {
    const folder = temporaryFolder({ [name]: '#!/bin/sh\n', 'data/helm': 'no program' });
    chmodSync(join(folder, name), 0o755);
    return folder;
  }

  it('takes the first on PATH that can be run', async () => {
    const folder = folderWith('bin/helm');
    const path = [join(folder, 'data'), join(folder, 'missing'), join(folder, 'bin')].join(':');
    expect(await findOnPath('helm', { PATH: path })).toBe(join(folder, 'bin/helm'));
    expect(await findOnPath('helm', {})).toBeUndefined();
  });

  it('does not look into the folder it is run in', async () => {
    const folder = folderWith('helm');
    const before = process.cwd();
    try {
      process.chdir(folder);
      expect(await findOnPath('helm', { PATH: '::.' })).toBeUndefined();
    } finally {
      process.chdir(before);
    }
  });

  it('takes the named one, and no other where that is missing', async () => {
    const folder = folderWith('bin/helm');
    const environment = { PATH: join(folder, 'bin'), NOWWHAT_HELM: join(folder, 'gone') };
    expect(await findProgram('helm', 'NOWWHAT_HELM', environment)).toBeUndefined();
    expect(await findProgram('helm', 'NOWWHAT_HELM', { NOWWHAT_HELM: join(folder, 'bin/helm') })).toBe(
      join(folder, 'bin/helm'),
    );
  });
});
