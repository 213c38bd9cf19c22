// What a restore itself costs, whatever the cluster: time, processor and memory of the program against a server on loopback that answers every create at
// once; of one that finds all objects there; and beside them of plain creates by our own client. Prints a table in Markdown.
//
//   node test/bench/restore.mjs [OBJECTS]
import { fork, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import { createGzip } from 'node:zlib';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '../..');
const namespace = 'bench';
const numbers = Array.from({ length: 12 }, (_, at) => at);

function configMap(at) {
  const name = `settings-${at}`;
  const data = Object.fromEntries(
    numbers.map((key) => [`key-${key}`, `a value of ${name}, number ${key}, `.repeat(3)]),
  );
  const metadata = { name, namespace, uid: `uid-${at}`, labels: { app: 'bench' } };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data };
}

/** As an API server lists it, with who wrote which field. */
function liveConfigMap(at) {
  const { metadata, data } = configMap(at);
  const time = '2026-01-01T00:00:00Z';
  const fieldsV1 = { 'f:data': Object.fromEntries(numbers.map((key) => [`f:key-${key}`, {}])) };
  const field = { manager: 'bench', operation: 'Update', apiVersion: 'v1', time, fieldsType: 'FieldsV1', fieldsV1 };
  const live = { resourceVersion: `${100_000 + at}`, creationTimestamp: time, managedFields: [field] };
  return { metadata: { ...metadata, ...live }, data };
}

function savedObject(at) {
  const raw = configMap(at);
  const { name } = raw.metadata;
  return { group: '', version: 'v1', resource: 'configmaps', kind: 'ConfigMap', namespace, name, raw };
}

/** In batches, as the pages of a list come. */
function* savedObjects(objects) {
  for (let from = 0; from < objects; from += 500)
    yield Array.from({ length: Math.min(500, objects - from) }, (_, at) => savedObject(from + at));
}

/** Our own sources, so that the baseline differs from what is measured by nothing but the work. */
function bundle(contents, outfile) {
  const banner = { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" };
  const stdin = { contents, resolveDir: root, loader: 'ts' };
  return build({ stdin, outfile, bundle: true, platform: 'node', format: 'esm', banner, logLevel: 'error' });
}

async function writeBackup(work, objects) {
  const archive = join(work, 'archive.mjs');
  await bundle("export * from './src/backup/archive/write-archive.ts';", archive);
  const { renderArchive } = await import(pathToFileURL(archive).href);
  const folder = join(work, 'kept/backups/bench');
  mkdirSync(folder, { recursive: true });
  const pieces = renderArchive(Readable.from(savedObjects(objects)), { modified: 0, onObject: () => undefined });
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

/** What is there once the namespace is. */
const lists = {
  [`/api/v1/namespaces/${namespace}`]: () => ({ kind: 'Namespace', apiVersion: 'v1', metadata: { name: namespace } }),
  [`/api/v1/namespaces/${namespace}/configmaps`]: (objects, query) => {
    const [from, limit] = [Number(query.get('continue') ?? 0), Number(query.get('limit') ?? objects)];
    const items = Array.from({ length: Math.min(limit, objects - from) }, (_, at) => liveConfigMap(from + at));
    const left = objects - from - items.length;
    const more = left > 0 ? { continue: `${from + limit}`, remainingItemCount: left } : {};
    return { kind: 'ConfigMapList', apiVersion: 'v1', metadata: { resourceVersion: '9', ...more }, items };
  },
};

/** Answers a create with what was sent; with `there`, as if all of it had been sent before. */
function serve(objects, there) {
  const answerTo = ({ pathname, searchParams }) =>
    served[pathname] ?? (there ? lists[pathname]?.(objects, searchParams) : undefined);
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const isCreate = request.method === 'POST';
      const answer = isCreate ? undefined : answerTo(new URL(request.url ?? '', 'http://x'));
      const status = isCreate ? 201 : answer === undefined ? 404 : 200;
      const body = isCreate ? Buffer.concat(chunks) : JSON.stringify(answer ?? missing);
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    });
  });
  server.listen(0, '127.0.0.1', () => process.send?.(server.address().port));
}

async function startServer(work, objects, ...words) {
  const server = fork(import.meta.filename, ['serve', String(objects), ...words], { stdio: 'inherit' });
  const port = await new Promise((done) => server.once('message', done));
  const cluster = { name: 'c', cluster: { server: `http://127.0.0.1:${port}` } };
  const context = { name: 'c', context: { cluster: 'c', user: 'u' } };
  const users = [{ name: 'u', user: {} }];
  const config = { apiVersion: 'v1', kind: 'Config', clusters: [cluster], contexts: [context], users };
  writeFileSync(join(work, 'kubeconfig'), JSON.stringify({ ...config, 'current-context': 'c' }));
  return server;
}

/** As many requests at once as a restore has. */
const creator = `
import { createClient, readConnection } from './src/api/index.ts';
const client = createClient(await readConnection({ environment: process.env }), { concurrency: 32 });
const configMap = ${configMap.toString().replace('namespace,', `namespace: '${namespace}',`)};
const numbers = ${JSON.stringify(numbers)};
let left = Number(process.argv[2]);
const path = '/api/v1/namespaces/${namespace}/configmaps';
const work = async () => {
  while (left > 0) await client.request({ method: 'POST', path, body: configMap((left -= 1)) });
};
await Promise.all(Array.from({ length: 32 }, work));
await client.close();
`;

/** A program that tells its own figures when it ends. */
function run(work, args) {
  const [told, hook] = [join(work, 'told.json'), join(work, 'tell.cjs')];
  const tell = `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(told)}, JSON.stringify(process.resourceUsage())));`;
  writeFileSync(hook, tell);
  const env = { ...process.env, KUBECONFIG: join(work, 'kubeconfig') };
  const started = performance.now();
  const child = spawn(process.execPath, ['--require', hook, ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  return new Promise((done, fail) => {
    child.on('close', (status) => {
      if (status !== 0) return fail(new Error(`${args[0]} ended with ${status}`));
      const { userCPUTime, systemCPUTime, maxRSS } = JSON.parse(readFileSync(told, 'utf8'));
      done({ ms: performance.now() - started, cpu: (userCPUTime + systemCPUTime) / 1000, mb: maxRSS / 1024 });
    });
  });
}

async function measure(objects) {
  const work = mkdtempSync(join(tmpdir(), 'nowwhat-bench-'));
  const servers = [];
  const row = (what, { ms, cpu, mb }) =>
    console.log(
      `| ${what} | ${(ms / 1000).toFixed(1)} s | ${(cpu / 1000).toFixed(2)} s | ${(cpu / objects).toFixed(3)} ms | ${Math.round(mb)} MB |`,
    );
  const restore = ['restore', 'create', '--from-backup', 'bench', '--store', join(work, 'kept'), '--context', '.'];
  try {
    const create = join(work, 'create.mjs');
    await bundle(creator, create);
    await writeBackup(work, objects);
    console.log(`${objects} ConfigMaps\n`);
    console.log(
      '| starts included | time | processor time | an object | peak memory |\n| --- | --- | --- | --- | --- |',
    );
    servers.push(await startServer(work, objects));
    row('plain creates, 32 at once', await run(work, [create, String(objects)]));
    row('restore create', await run(work, [join(root, 'bin/nowwhat.js'), ...restore, '--yes']));
    servers.push(await startServer(work, objects, 'there'));
    row('restore create, all there', await run(work, [join(root, 'bin/nowwhat.js'), ...restore, '--yes']));
  } finally {
    for (const server of servers) server.kill();
    rmSync(work, { recursive: true });
  }
}

const [, , ...words] = process.argv;
if (words[0] === 'serve') serve(Number(words[1]), words[2] === 'there');
else await measure(Number(words[0] ?? 5000));
