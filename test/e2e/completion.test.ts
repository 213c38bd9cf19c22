// Names on the command line, as real shells complete them: of a store, a cluster and a kubeconfig.

import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPlaygroundFolder, type PlaygroundFolder } from '../kubernetes/playground-folder.ts';
import { nowwhat, type Ran, root } from './run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'nowwhat-completion-'));
const kept = join(folder, 'kept');
const silentSockets: Socket[] = [];
let opened: PlaygroundFolder;
let silent: Server;
let silentPort = 0;

function write(path: string, content: string): void {
  mkdirSync(join(kept, path, '..'), { recursive: true });
  writeFileSync(join(kept, path), content);
}

function writeBackup(name: string, schedule?: string): void {
  const labels = schedule === undefined ? {} : { 'velero.io/schedule-name': schedule };
  write(`backups/${name}/velero-backup.json`, JSON.stringify({ kind: 'Backup', metadata: { name, labels } }));
}

beforeAll(async () => {
  opened = await openPlaygroundFolder(
    ['shop', 'shop-test', 'pay'].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
  );
  for (const name of ['shop-1', 'shop-2', 'shop-20261129021500']) writeBackup(name);
  writeBackup('nightly-20261129021500', 'nightly');
  write('restores/shop-1-back/nowwhat-restore.json', '{}');
  write('restores/velero-1/restore-velero-1-logs.gz', '');
  write('restores/drilled/nowwhat-drill.json', '{}');
  mkdirSync(join(folder, 'bin'));
  writeFileSync(
    join(folder, 'bin/nowwhat'),
    `#!/bin/sh\nexec '${process.execPath}' '${join(root, 'bin/nowwhat.js')}' "$@"\n`,
  );
  chmodSync(join(folder, 'bin/nowwhat'), 0o755);
  silent = createServer((socket) => silentSockets.push(socket));
  await new Promise<void>((done) => {
    silent.listen(0, '127.0.0.1', done);
  });
  const address = silent.address();
  silentPort = typeof address === 'object' && address !== null ? address.port : 0;
});

afterAll(async () => {
  for (const socket of silentSockets) socket.destroy();
  silent.close();
  await opened.close();
  rmSync(folder, { recursive: true });
});

function environment(): Record<string, string> {
  const path = [join(folder, 'bin'), process.env['PATH'] ?? ''].join(delimiter);
  return { PATH: path, HOME: folder, KUBECONFIG: opened.kubeconfig, NOWWHAT_STORE: kept, TERM: 'xterm' };
}

/** Not in the way of the servers, which run in this very process. */
function run(program: string, args: readonly string[], env = environment()): Promise<Ran> {
  return new Promise((done) => {
    const child = execFile(program, args, { env, cwd: folder }, (error, out, err) => {
      done({ status: error === null ? 0 : Number(error.code), out, err });
    });
    child.stdin?.end();
  });
}

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');

function script(shell: string): string {
  const file = join(folder, `completion.${shell}`);
  if (!existsSync(file)) writeFileSync(file, nowwhat(['completion', shell]).out);
  return file;
}

/** As bash cuts the line into words: at blanks, and at `=` and `:`. */
async function inBash(line: string): Promise<string[]> {
  const words = [...line.matchAll(/[=:]|[^\s=:]+/g)].map(([word]) => word);
  if (/\s$/.test(line)) words.push('');
  const quoted = words.map((word) => `'${word}'`).join(' ');
  const ask = `COMP_LINE='${line}'; COMP_POINT=\${#COMP_LINE}; COMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}; _nowwhat; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { out, err } = await run('bash', ['-c', `source '${script('bash')}'\n${ask}`]);
  expect(err).toBe('');
  return lines(out);
}

async function inFish(line: string): Promise<string[]> {
  const { out } = await run('fish', ['--no-config', '-c', `source '${script('fish')}'; complete -C '${line}'`]);
  return lines(out).map((each) => each.split('\t')[0] ?? '');
}

/** What the line becomes by the key. A terminal of its own: zsh completes nowhere else. */
async function inZsh(line: string): Promise<string> {
  const answer = join(folder, 'zsh-answer');
  rmSync(answer, { force: true });
  const typing = `zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z "autoload -Uz compinit; compinit -u -D; source '${script('zsh')}'; PS1=; setopt no_beep; tell() { print -r -- \\"\\$BUFFER\\" >'${answer}.part'; mv '${answer}.part' '${answer}' }; zle -N tell; bindkey '^X' tell; stty -echo; echo RE\\"\\"ADY"
zpty -r -m z out '*READY*'
zpty -w -n z $'${line}\\t\\C-x'
while [[ ! -e '${answer}' ]]; do sleep 0.1; done
zpty -d z`;
  await run('zsh', ['-f', '-c', typing]);
  return readFileSync(answer, 'utf8').trim();
}

const known = (shell: string): boolean => {
  try {
    return existsSync(execFileSync('sh', ['-c', `command -v ${shell}`], { encoding: 'utf8' }).trim());
  } catch {
    return false;
  }
};

/** A busy machine may take longer than one waits for names; one presses the key again. */
async function patiently(ask: () => Promise<string[]>): Promise<string[]> {
  for (let tries = 1; tries < 10; tries += 1) {
    const answer = await ask();
    if (answer.length > 0) return answer;
  }
  return await ask();
}

describe('bash', () => {
  it.each([
    ['nowwhat backup describe ', ['nightly-20261129021500', 'shop-1', 'shop-2', 'shop-20261129021500']],
    ['nowwhat backup delete shop-1', ['shop-1']],
    ['nowwhat backup diff shop-1 shop-', ['shop-2', 'shop-20261129021500']],
    ['nowwhat restore create --from-backup n', ['nightly-20261129021500']],
    ['nowwhat restore create --from-backup=n', ['nightly-20261129021500']],
    ['nowwhat restore describe ', ['shop-1-back', 'velero-1']],
    ['nowwhat drill --from-schedule ', ['nightly']],
    ['nowwhat clone sh', ['shop', 'shop-test']],
    ['nowwhat backup create -n pay,shop-', ['pay,shop-test']],
    ['nowwhat check --context play', ['playground']],
  ])(
    '`%s` goes on with %j',
    async (line, expected) => {
      expect(await patiently(() => inBash(line))).toEqual(expected);
    },
    120_000,
  );

  it('a context whose name has colons is completed from where bash has cut it', async () => {
    const name = 'arn:aws:eks:eu-west-1:1:cluster/shop';
    const other = join(folder, 'aws');
    writeFileSync(
      other,
      JSON.stringify({ apiVersion: 'v1', kind: 'Config', contexts: [{ name, context: { cluster: 'c', user: 'u' } }] }),
    );
    expect(await patiently(() => inBash(`nowwhat check --kubeconfig ${other} --context arn:aws:e`))).toEqual([
      'eks:eu-west-1:1:cluster/shop',
    ]);
    expect(await patiently(() => inBash(`nowwhat check --kubeconfig ${other} --context=arn:`))).toEqual([
      'aws:eks:eu-west-1:1:cluster/shop',
    ]);
  }, 120_000);
});

it.runIf(known('fish'))(
  'fish completes names',
  async () => {
    expect(await patiently(() => inFish('nowwhat backup describe shop-1'))).toEqual(['shop-1']);
    expect(await patiently(() => inFish('nowwhat restore create --from-backup n'))).toEqual(['nightly-20261129021500']);
    expect(await patiently(() => inFish('nowwhat clone sh'))).toEqual(['shop', 'shop-test']);
  },
  120_000,
);

it.runIf(known('zsh'))(
  'zsh completes names',
  async () => {
    expect(await inZsh('nowwhat backup describe ni')).toBe('nowwhat backup describe nightly-20261129021500');
    expect(await inZsh('nowwhat restore create --from-backup=ni')).toBe(
      'nowwhat restore create --from-backup=nightly-20261129021500',
    );
  },
  120_000,
);

it('a store that does not answer, and one that is not there, are no names and no words', async () => {
  const place = `s3://kept?endpoint=http://127.0.0.1:${silentPort}`;
  const env = { ...environment(), NOWWHAT_STORE: place, AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' };
  const began = performance.now();
  const asked = await run('nowwhat', ['__complete', '--', 'backup', 'describe', ''], env);
  expect(asked).toEqual({ status: 0, out: '', err: '' });
  expect(silentSockets.length).toBeGreaterThan(0);
  // By itself the client would wait for minutes, and ask again.
  expect(performance.now() - began).toBeLessThan(30_000);
  for (const words of [
    ['backup', 'describe', '--store', join(folder, 'nowhere'), ''],
    ['clone', '--context', 'nowhere', ''],
    ['clone', '--kubeconfig', join(folder, 'nowhere'), ''],
    ['--help', ''],
  ])
    expect(await run('nowwhat', ['__complete', '--', ...words])).toEqual({ status: 0, out: '', err: '' });
  expect(existsSync(join(folder, 'nowhere'))).toBe(false);
}, 120_000);
