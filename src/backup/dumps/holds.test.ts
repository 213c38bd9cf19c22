import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/programs/temporary-folder.ts';
import { mongodbHold, redisHold } from './holds.ts';

const secret = `ge'h"e$i m\\`;
const notes = '/tmp/nowwhat-hold';

afterEach(() => rmSync(notes, { force: true }));

/** A program in front of all others; its answers are in the folder, where a test changes them. */
function program(name: string, script: string) {
  const folder = temporaryFolder({});
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, name), `#!/bin/sh\nprintf '%s\\n' "$*" >> "${folder}/calls"\n${script}\n`);
  chmodSync(join(bin, name), 0o755);
  const set = (file: string, text: string): void => writeFileSync(join(folder, file), text);
  const read = (file: string): string =>
    existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8') : '';
  const run = (text: string, env: Readonly<Record<string, string>> = {}) => {
    const { status, stderr } = spawnSync('/bin/sh', ['-c', text, 'sh', '60'], {
      env: { PATH: `${bin}:/usr/bin:/bin`, FOLDER: folder, ...env },
      encoding: 'utf8',
    });
    return { status, err: stderr };
  };
  return { set, read, run };
}

function redis() {
  const server = program(
    'redis-cli',
    `case "$*" in
'role') cat "$FOLDER/role";;
'config get appendonly') printf 'appendonly\\n%s\\n' "$(cat "$FOLDER/log")";;
'client pause'*) cat "$FOLDER/pause";;
'client unpause') echo OK;;
save) if [ -e "$FOLDER/busy" ]; then rm "$FOLDER/busy"; echo 'ERR Background save already in progress'; else echo OK; fi;;
'info persistence') printf 'rdb_changes_since_last_save:%s\\r\\nrdb_last_save_time:%s\\r\\n' "$(cat "$FOLDER/changes")" "$(cat "$FOLDER/saved")";;
esac`,
  );
  for (const [file, text] of Object.entries({ role: 'master', log: 'yes', pause: 'OK', changes: '0', saved: '100' }))
    server.set(file, text);
  return server;
}

describe('holding Redis', () => {
  it('makes writes wait, saves once what is in it, and lets it go', () => {
    const { run, read, set } = redis();
    set('busy', '');
    expect(run(redisHold.begin, { REDIS_PASSWORD: secret })).toEqual({ status: 0, err: '' });
    expect(read('calls')).toContain('client pause 60000 write\nsave\nsave\n');
    expect(read('calls')).not.toContain(secret);
    expect(run(redisHold.end)).toEqual({ status: 0, err: '' });
    expect(read('calls')).toMatch(/client unpause\n$/);
    expect(existsSync(notes)).toBe(false);
  });

  it.each([
    ['took writes again', { changes: '3' }, 'took writes again'],
    ['wrote its file again', { saved: '160' }, 'wrote its file again'],
  ])('tells where it %s before the end, and lets it go all the same', (_what, answers, why) => {
    const { run, read, set } = redis();
    run(redisHold.begin);
    for (const [file, text] of Object.entries(answers)) set(file, text);
    const { status, err } = run(redisHold.end);
    expect(status).toBe(7);
    expect(err).toContain(why);
    expect(read('calls')).toMatch(/client unpause\n$/);
  });

  it('does not count where nobody began', () => {
    expect(redis().run(redisHold.end).status).toBe(7);
  });

  it('is refused by a server that does not know how', () => {
    const { run, set, read } = redis();
    set('pause', 'ERR syntax error');
    expect(run(redisHold.begin)).toMatchObject({ status: 4, err: expect.stringContaining('needs Redis 6.2') });
    expect(read('calls')).not.toContain('save');
  });

  it('takes who follows a leader only where it keeps no log', () => {
    const { run, set } = redis();
    set('role', 'slave\n10.0.0.1');
    expect(run(redisHold.begin)).toMatchObject({ status: 3, err: expect.stringContaining('hold the leader') });
    set('log', 'no');
    expect(run(redisHold.begin).status).toBe(0);
    set('changes', '9');
    expect(run(redisHold.end)).toEqual({ status: 0, err: '' });
  });
});

function mongodb() {
  const server = program(
    'mongosh',
    `cat > "$FOLDER/asked"; cat "$FOLDER/asked" >> "$FOLDER/all"; cat "$FOLDER/answer"`,
  );
  server.set('answer', 'nowwhat: done\n');
  return server;
}

/** Whom nobody buries may still have a number. */
function alive(pid: string): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', pid], { encoding: 'utf8' });
  return stdout.trim() !== '' && !stdout.includes('Z');
}

describe('holding MongoDB', () => {
  const env = { MONGO_INITDB_ROOT_USERNAME: 'boss', MONGO_INITDB_ROOT_PASSWORD: secret };

  it('locks it, leaves somebody who lets it go, and sends him away at the end', async () => {
    const { run, read } = mongodb();
    expect(run(mongodbHold.begin, env)).toEqual({ status: 0, err: '' });
    expect(read('asked')).toContain('d.runCommand({ fsync: 1, lock: true })');
    expect(read('asked')).toContain(`d.auth("boss", ${JSON.stringify(secret)})`);
    expect(read('calls')).not.toContain('boss');
    const watch = readFileSync(notes, 'utf8').trim();
    expect(alive(watch)).toBe(true);
    expect(run(mongodbHold.end, env)).toEqual({ status: 0, err: '' });
    expect(read('asked')).toContain('d.runCommand({ fsyncUnlock: 1 })');
    await expect.poll(() => alive(watch)).toBe(false);
  });

  it('fails where the server refuses, and leaves nobody behind', () => {
    const { run, set } = mongodb();
    set('answer', 'nowwhat: not authorized on admin\n');
    expect(run(mongodbHold.begin)).toEqual({ status: 3, err: 'not authorized on admin\n' });
    expect(existsSync(notes)).toBe(false);
  });

  it('lets go by itself, which the end then tells', async () => {
    const { run, read, set } = mongodb();
    expect(run(mongodbHold.begin.replaceAll('"$1"', '0.1')).status).toBe(0);
    await expect.poll(() => read('all')).toContain('fsyncUnlock');
    await expect.poll(() => existsSync(notes)).toBe(false);
    set('answer', 'nowwhat: fsyncUnlock called when not locked\n');
    expect(run(mongodbHold.end)).toMatchObject({ status: 7, err: expect.stringContaining('before its files') });
  });
});
