import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/programs/temporary-folder.ts';
import { recipeFor } from './find-databases.ts';
import { findRecipe, recipes } from './recipes.ts';

/** Stand-ins for the programs of a database: each writes down how it was called. */
function stubs(programs: Readonly<Record<string, string>>): { readonly folder: string; readonly path: string } {
  const folder = temporaryFolder({});
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(
      join(bin, name),
      `#!/bin/sh\nprintf '%s' "${name}" >> "$CALLS"; for a in "$@"; do printf ' <%s>' "$a" >> "$CALLS"; done; echo >> "$CALLS"\n${script}\n`,
    );
    chmodSync(join(bin, name), 0o755);
  }
  return { folder, path: bin };
}

interface Call {
  readonly programs: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly args?: readonly string[];
}

function run(script: string, { programs, env = {}, input = '', args = [] }: Call) {
  const { folder, path } = stubs(programs);
  const calls = join(folder, 'calls');
  writeFileSync(calls, '');
  const ran = spawnSync('/bin/sh', ['-c', script, 'sh', ...args], {
    env: { PATH: `${path}:/usr/bin:/bin`, CALLS: calls, FOLDER: folder, ...env },
    input,
  });
  const told = execFileSync('cat', [calls], { encoding: 'utf8' });
  return { status: ran.status, out: ran.stdout, err: ran.stderr.toString(), calls: told };
}

const named = (name: string) => findRecipe(name) ?? recipes[0]!;
const secret = `ge'h"e$i m`;

const postgres = {
  psql: `case "$*" in *rolsuper*) echo t;; *pg_database*) printf 'shop\\nmy db\\n';; *) cat > "$FOLDER/in";; esac`,
  pg_dumpall: `printf 'CREATE ROLE app;\\nALTER ROLE app WITH LOGIN;\\n'`,
  pg_dump: `echo "data of $PGDATABASE as $PGUSER with $PGPASSWORD"`,
};

describe('the recipe of PostgreSQL', () => {
  it('dumps roles and every database, and ends with its mark', () => {
    const { status, out, calls } = run(named('postgresql').dump, {
      programs: postgres,
      env: { POSTGRES_USER: 'boss', POSTGRES_PASSWORD: secret },
    });
    expect(status).toBe(0);
    const text = out.toString();
    for (const each of ['shop', 'my db', 'postgres']) expect(text).toContain(`data of ${each} as boss with ${secret}`);
    expect(text).toContain('DO $nowwhat$ BEGIN CREATE ROLE app; EXCEPTION WHEN duplicate_object');
    expect(named('postgresql').isEnd(out)).toBe(true);
    expect(calls).not.toContain(secret);
  });

  it('dumps the own database of a user who is no superuser', () => {
    const { status, out } = run(named('postgresql').dump, {
      programs: { ...postgres, psql: 'echo f' },
      env: { POSTGRES_USER: 'app', POSTGRES_PASSWORD: 'x', POSTGRES_DB: 'shop' },
    });
    expect(status).toBe(0);
    expect(out.toString()).toContain('\\connect "shop"\ndata of shop as app');
  });

  it('reads it back with its own programs, and stops at the first error', () => {
    const { calls } = run(named('postgresql').restore, { programs: postgres, input: 'select 1;', args: ['9'] });
    expect(calls).toContain('<ON_ERROR_STOP=1>');
  });

  it('takes a password from a mounted file', () => {
    const folder = temporaryFolder({});
    writeFileSync(join(folder, 'password'), secret);
    const env = { POSTGRES_PASSWORD_FILE: join(folder, 'password') };
    const { out } = run(named('postgresql').dump, { programs: postgres, env });
    expect(out.toString()).toContain(`as postgres with ${secret}`);
  });
});

const mariadb = {
  mariadb: `case "$*" in *schemata*) printf 'shop\\nodd name\\n';; *) cat > "$FOLDER/in";; esac`,
  'mariadb-dump': `case "$*" in --help) exit 0;; esac; for last; do :; done; echo "data of $last with $MYSQL_PWD"`,
};

describe('the recipe of MySQL', () => {
  it('dumps every database in one transaction, and ends with its mark', () => {
    const { status, out, calls } = run(named('mysql').dump, {
      programs: mariadb,
      env: { MARIADB_ROOT_PASSWORD: secret },
    });
    expect(status).toBe(0);
    for (const each of ['shop', 'odd name']) expect(out.toString()).toContain(`data of ${each} with ${secret}`);
    expect(calls).toContain('<--single-transaction>');
    expect(calls).not.toContain(secret);
    expect(named('mysql').isEnd(out)).toBe(true);
  });

  it('takes the own database where only its user is known', () => {
    const env = { MYSQL_USER: 'app', MYSQL_PASSWORD: 'x', MYSQL_DATABASE: 'wp' };
    const { out, calls } = run(named('mysql').dump, { programs: mariadb, env });
    expect(out.toString()).toContain('data of wp with x');
    expect(calls).toContain('<--user=app>');
  });
});

describe('the recipe of MongoDB', () => {
  it('hands the password over in a file that nobody else sees', () => {
    const archive = `printf '\\155\\342\\231\\201body\\377\\377\\377\\377'`;
    const programs = { mongodump: `cat <&3 > "$FOLDER/config"; cp "$FOLDER/config" "$CALLS.config"; ${archive}` };
    const env = { MONGO_INITDB_ROOT_USERNAME: 'boss', MONGO_INITDB_ROOT_PASSWORD: secret };
    const { status, out, calls } = run(`${named('mongodb').dump}\ncat "$CALLS.config" >&2`, { programs, env });
    expect(status).toBe(0);
    expect(calls).toContain('<--username=boss>');
    expect(calls).not.toContain(secret);
    expect(named('mongodb').isEnd(out)).toBe(true);
    const { err } = run(`${named('mongodb').dump}\ncat "$CALLS.config" >&2`, { programs, env });
    expect(err).toBe(`password: '${secret.replace("'", "''")}'\n`);
  });

  it('asks without a password where there is none', () => {
    const { calls } = run(named('mongodb').restore, { programs: { mongorestore: 'cat >/dev/null' } });
    expect(calls).toBe('mongorestore <--quiet> <--archive> <--drop>\n');
  });
});

const redisServer = `case "$*" in
*appendonly*) printf 'appendonly\\n%s\\n' "\${AOF:-no}";;
'config get dir') printf 'dir\\n%s\\n' "$FOLDER";;
*dbfilename*) printf 'dbfilename\\ndump.rdb\\n';;
esac`;

describe('the recipe of Redis', () => {
  it('puts the file in its place only where all of it has come', () => {
    const programs = { 'redis-cli': redisServer };
    const restore = `( ${named('redis').restore} ); s=$?; cat "$FOLDER/dump.rdb" 2>/dev/null; ls "$FOLDER"; exit $s`;
    const whole = run(restore, { programs, input: 'REDIS12345', args: ['10'] });
    expect(whole.status).toBe(0);
    expect(whole.out.toString()).toContain('REDIS12345');
    expect(whole.out.toString()).not.toContain('nowwhat');
    const short = run(restore, { programs, input: 'REDIS12', args: ['10'] });
    expect(short.status).toBe(4);
    expect(short.out.toString()).not.toContain('dump.rdb');
    const log = run(restore, { programs, input: 'REDIS12345', args: ['10'], env: { AOF: 'yes' } });
    expect(log).toMatchObject({ status: 3 });
    expect(log.err).toContain('append-only log');
  });

  it('knows the end of a file, with and without the letters of a transfer', () => {
    const { isEnd } = named('redis');
    const file = Buffer.from('REDIS0010....\xff12345678', 'latin1');
    expect(isEnd(file)).toBe(true);
    expect(isEnd(Buffer.concat([file, Buffer.from('a93e4daa'.repeat(5))]))).toBe(true);
    expect(isEnd(file.subarray(0, -1))).toBe(false);
    expect(isEnd(Buffer.concat([file, Buffer.from('zzzzzzzz'.repeat(5))]))).toBe(false);
  });
});

describe('a program that fails', () => {
  it.each<[string, string, Readonly<Record<string, string>>]>([
    ['postgresql', 'psql', postgres],
    ['postgresql', 'pg_dumpall', postgres],
    ['postgresql', 'pg_dump', postgres],
    ['mysql', 'mariadb', mariadb],
    ['mysql', 'mariadb-dump', mariadb],
    ['mongodb', 'mongodump', {}],
    ['redis', 'redis-cli', {}],
  ])('of %s, %s, fails the dump, which has no end then', (name, program, programs) => {
    const { status, out } = run(named(name).dump, { programs: { ...programs, [program]: 'echo half; exit 9' } });
    expect(status).not.toBe(0);
    expect(named(name).isEnd(out)).toBe(false);
  });

  it.each(recipes.map(({ name }) => name))('or is missing, fails the dump of %s', (name) => {
    expect(run(named(name).dump, { programs: {}, env: { PATH: '/nowhere' } }).status).not.toBe(0);
  });
});

describe('databases', () => {
  it.each([
    ['postgres:16', 'postgresql'],
    ['docker.io/bitnami/postgresql:15.1@sha256:' + 'a'.repeat(64), 'postgresql'],
    ['mariadb:11', 'mysql'],
    ['mongo', 'mongodb'],
    ['gcr.io/google_samples/gb-redis-follower:v2', 'redis'],
    ['oliver006/redis_exporter', undefined],
    ['prometheuscommunity/postgres-exporter', undefined],
    ['nginx', undefined],
  ])('are known by the image %s', (image, name) => {
    expect(recipeFor({ name: 'c', image })?.name).toBe(name);
  });

  it('are known by port and variables where the image is of their own', () => {
    const container = { name: 'c', image: 'r.test/shop-db:1', ports: [{ containerPort: 5432 }] };
    expect(recipeFor({ ...container, env: [{ name: 'POSTGRES_PASSWORD', valueFrom: {} }] })?.name).toBe('postgresql');
    expect(recipeFor(container)).toBeUndefined();
    expect(recipeFor({ ...container, env: [{ name: 'MYSQL_DATABASE' }] })).toBeUndefined();
  });
});
