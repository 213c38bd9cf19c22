// What a restore itself costs, whatever the cluster: time, processor and memory of the program against a server on loopback that answers every create at
// once. Prints a table in Markdown.
//
//   node test/bench/restore.mjs [OBJECTS]
import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import { createGzip } from 'node:zlib';
import { build } from 'esbuild';

const objects = Number(process.argv[2] ?? 5000);
const root = resolve(import.meta.dirname, '../..');
const work = mkdtempSync(join(tmpdir(), 'nowwhat-bench-'));

async function loadArchive() {
  const outfile = join(work, 'archive.mjs');
  const entryPoints = [join(root, 'src/backup/archive/write-archive.ts')];
  await build({ entryPoints, outfile, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' });
  return import(pathToFileURL(outfile).href);
}

function* configMaps() {
  for (let at = 0; at < objects; at += 1) {
    const name = `settings-${at}`;
    const data = Object.fromEntries(
      Array.from({ length: 12 }, (_, key) => [`key-${key}`, `a value of ${name}, number ${key}, `.repeat(3)]),
    );
    const metadata = { name, namespace: 'bench', uid: `uid-${at}`, labels: { app: 'bench' } };
    const raw = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data };
    yield { group: '', version: 'v1', resource: 'configmaps', kind: 'ConfigMap', namespace: 'bench', name, raw };
  }
}

async function writeBackup({ renderArchive }) {
  const folder = join(work, 'kept/backups/bench');
  mkdirSync(folder, { recursive: true });
  const pieces = renderArchive(Readable.from(configMaps()), { modified: 0, onObject: () => undefined });
  const bytes = Readable.from(
    (async function* tar() {
      for await (const piece of pieces) yield piece.tar;
    })(),
  );
  await pipeline(bytes, createGzip({ level: 1 }), createWriteStream(join(folder, 'bench.tar.gz')));
  const status = { version: 1, formatVersion: '1.1.0', phase: 'Completed', startTimestamp: '2026-01-01T00:00:00Z' };
  const object = { apiVersion: 'velero.io/v1', kind: 'Backup', metadata: { name: 'bench' }, spec: {}, status };
  writeFileSync(join(folder, 'velero-backup.json'), JSON.stringify(object));
}

const verbs = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'];
const served = {
  '/api': { kind: 'APIVersions', versions: ['v1'] },
  '/apis': { kind: 'APIGroupList', apiVersion: 'v1', groups: [] },
  '/api/v1': {
    kind: 'APIResourceList',
    groupVersion: 'v1',
    resources: [
      { name: 'configmaps', singularName: 'configmap', namespaced: true, kind: 'ConfigMap', verbs },
      { name: 'namespaces', singularName: 'namespace', namespaced: false, kind: 'Namespace', verbs },
    ],
  },
  '/version': { major: '1', minor: '34', gitVersion: 'v1.34.0' },
};
const missing = { kind: 'Status', status: 'Failure', reason: 'NotFound', code: 404, message: 'not found' };

/** Answers a create with what was sent. */
function listen() {
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const [path] = (request.url ?? '').split('?');
      const answer = request.method === 'POST' ? Buffer.concat(chunks) : JSON.stringify(served[path] ?? missing);
      const status = request.method === 'POST' ? 201 : served[path] === undefined ? 404 : 200;
      response.writeHead(status, { 'content-type': 'application/json' }).end(answer);
    });
  });
  return new Promise((done) => server.listen(0, '127.0.0.1', () => done(server)));
}

function writeKubeconfig(port) {
  const cluster = { name: 'c', cluster: { server: `http://127.0.0.1:${port}` } };
  const context = { name: 'c', context: { cluster: 'c', user: 'u' } };
  const users = [{ name: 'u', user: {} }];
  const config = { apiVersion: 'v1', kind: 'Config', clusters: [cluster], contexts: [context], users };
  writeFileSync(join(work, 'kubeconfig'), JSON.stringify({ ...config, 'current-context': 'c' }));
}

/** The program tells its own figures when it ends. */
function restore() {
  const told = join(work, 'told.json');
  const hook = join(work, 'tell.cjs');
  const tell = `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(told)}, JSON.stringify(process.resourceUsage())));`;
  writeFileSync(hook, tell);
  const args = ['--require', hook, join(root, 'bin/nowwhat.js'), 'restore', 'create', '--from-backup', 'bench'];
  const env = { ...process.env, KUBECONFIG: join(work, 'kubeconfig') };
  const started = performance.now();
  const child = spawn(process.execPath, [...args, '--store', join(work, 'kept'), '--context', '.', '--yes'], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return new Promise((done, fail) => {
    child.on('close', async (status) => {
      if (status !== 0) return fail(new Error(`the restore ended with ${status}`));
      const { default: usage } = await import(told, { with: { type: 'json' } });
      done({ ms: performance.now() - started, usage });
    });
  });
}

try {
  await writeBackup(await loadArchive());
  const server = await listen();
  writeKubeconfig(server.address().port);
  const { ms, usage } = await restore();
  server.close();
  const cpu = (usage.userCPUTime + usage.systemCPUTime) / 1000;
  console.log('| objects | time | rate | processor an object | peak memory |\n| --- | --- | --- | --- | --- |');
  console.log(
    `| ${objects} | ${(ms / 1000).toFixed(1)} s | ${Math.round(objects / (ms / 1000))} a second | ${(cpu / objects).toFixed(2)} ms | ${Math.round(usage.maxRSS / 1024)} MB |`,
  );
} finally {
  rmSync(work, { recursive: true });
}
