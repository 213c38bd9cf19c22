// What a backup itself costs, whatever the cluster: time, processor and memory of the program against a server on loopback that has the lists ready, packed as
// an API server packs them, and beside it of listing the same bytes and throwing them away. Prints a table in Markdown.
//
//   node test/bench/save.mjs [OBJECTS] [configmaps|pods]
import { fork, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '../..');
const namespace = 'bench';

/** What an API server knows of every object, in its order. */
function metadata(name, at, labels, fields) {
  const time = '2026-01-01T00:00:00Z';
  const fieldsV1 = { 'f:metadata': { 'f:labels': { '.': {}, 'f:app': {} } }, ...fields };
  const field = { manager: 'bench', operation: 'Update', apiVersion: 'v1', time, fieldsType: 'FieldsV1', fieldsV1 };
  const uid = `${String(at).padStart(8, '0')}-60f3-4a53-8a63-a5bd1a9fd05b`;
  return {
    name,
    namespace,
    uid,
    resourceVersion: `${100_000 + at}`,
    creationTimestamp: time,
    labels,
    managedFields: [field],
  };
}

/** Go sorts the keys of maps by their bytes, and has fields of its own types in their order. */
const numbers = Array.from({ length: 12 }, (_, at) => at).toSorted((a, b) => (`${a}` < `${b}` ? -1 : 1));

function configMap(at) {
  const name = `settings-${at}`;
  const data = Object.fromEntries(numbers.map((n) => [`key-${n}`, `a value of ${name}, number ${n}, `.repeat(3)]));
  const fields = { 'f:data': { '.': {}, ...Object.fromEntries(numbers.map((n) => [`f:key-${n}`, {}])) } };
  return { metadata: metadata(name, at, { app: 'bench' }, fields), data };
}

function pod(at) {
  const name = `web-${at}`;
  const env = numbers.map((n) => ({ name: `VARIABLE_${n}`, value: `value number ${n} of ${name}` }));
  const container = {
    name: 'app',
    image: 'registry.test/app:1',
    ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
    env,
    resources: { limits: { memory: '64Mi' }, requests: { cpu: '10m', memory: '64Mi' } },
    readinessProbe: { httpGet: { path: '/', port: 'http', scheme: 'HTTP' }, timeoutSeconds: 1, periodSeconds: 10 },
    terminationMessagePath: '/dev/termination-log',
    imagePullPolicy: 'IfNotPresent',
  };
  const spec = {
    containers: [container],
    restartPolicy: 'Always',
    dnsPolicy: 'ClusterFirst',
    nodeName: `node-${at % 9}`,
  };
  const conditions = ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map((type) => ({
    type,
    status: 'True',
    lastProbeTime: null,
    lastTransitionTime: '2026-01-01T00:00:00Z',
  }));
  const fields = {
    'f:spec': {
      'f:containers': Object.fromEntries(
        numbers.map((n) => [`k:{"name":"V${n}"}`, { '.': {}, 'f:name': {}, 'f:value': {} }]),
      ),
    },
  };
  return {
    metadata: metadata(name, at, { app: 'bench' }, fields),
    spec,
    status: { phase: 'Running', conditions, podIP: '10.0.0.1' },
  };
}

const kinds = { configmaps: { kind: 'ConfigMap', make: configMap }, pods: { kind: 'Pod', make: pod } };
const verbs = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'];

function discovery(resource) {
  const of = (name, kind, scope) => ({ resource: name, responseKind: { kind }, scope, verbs });
  const resources = [of(resource, kinds[resource].kind, 'Namespaced'), of('namespaces', 'Namespace', 'Cluster')];
  const list = { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', items: [] };
  return {
    '/version': { major: '1', minor: '34', gitVersion: 'v1.34.0' },
    '/api': { ...list, items: [{ metadata: {}, versions: [{ version: 'v1', resources }] }] },
    '/apis': list,
    [`/api/v1/namespaces/${namespace}`]: { kind: 'Namespace', apiVersion: 'v1', metadata: { name: namespace } },
  };
}

/** Answers lists from pages that are made once for each size that is asked for: the first one who asks waits for them. */
function serve(objects, resource) {
  const { kind, make } = kinds[resource];
  const pages = new Map();
  const makePage = (from, limit) => {
    const items = Array.from({ length: Math.min(limit, objects - from) }, (_, at) => make(from + at));
    const left = objects - from - items.length;
    const more = left > 0 ? { continue: String(from + limit), remainingItemCount: left } : {};
    const metadata = { resourceVersion: '9', ...more };
    return gzipSync(`${JSON.stringify({ kind: `${kind}List`, apiVersion: 'v1', metadata, items })}\n`, { level: 1 });
  };
  const pageOf = (query) => {
    const [limit, from] = [Number(query.get('limit') ?? objects), Number(query.get('continue') ?? 0)];
    const key = `${from}/${limit}`;
    if (!pages.has(key)) pages.set(key, makePage(from, limit));
    return pages.get(key);
  };
  const others = discovery(resource);
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://x');
    const isList = url.pathname.endsWith(`/${resource}`);
    if (url.searchParams.has('watch')) return response.writeHead(200).end();
    const body = isList
      ? pageOf(url.searchParams)
      : JSON.stringify(others[url.pathname] ?? { kind: 'Status', code: 404 });
    const status = isList || url.pathname in others ? 200 : 404;
    const packed = isList ? { 'content-encoding': 'gzip' } : {};
    response.writeHead(status, { 'content-type': 'application/json', ...packed }).end(body);
  });
  server.listen(0, '127.0.0.1', () => process.send?.(server.address().port));
}

/** Lists with our own client, so that the baseline differs from what is measured by nothing but the work. */
const dropper = `
import { createClient, readConnection } from './src/api/index.ts';
const client = createClient(await readConnection({ environment: process.env }), { concurrency: 8 });
let token = '';
do {
  const query = 'limit=500' + (token === '' ? '' : '&continue=' + token);
  const page = await client.requestBytes({ path: '/api/v1/namespaces/${namespace}/' + process.argv[2] + '?' + query });
  token = /"continue":"([^"]+)"/.exec(page.subarray(0, 2000).toString())?.[1] ?? '';
} while (token !== '');
await client.close();
`;

function buildDropper(outfile) {
  const banner = { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" };
  const stdin = { contents: dropper, resolveDir: root, loader: 'ts' };
  return build({ stdin, outfile, bundle: true, platform: 'node', format: 'esm', banner, logLevel: 'error' });
}

function writeKubeconfig(file, port) {
  const cluster = { name: 'c', cluster: { server: `http://127.0.0.1:${port}` } };
  const context = { name: 'c', context: { cluster: 'c', user: 'u' } };
  const users = [{ name: 'u', user: {} }];
  const config = { apiVersion: 'v1', kind: 'Config', clusters: [cluster], contexts: [context], users };
  writeFileSync(file, JSON.stringify({ ...config, 'current-context': 'c' }));
}

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

async function measure(objects, resource) {
  const work = mkdtempSync(join(tmpdir(), 'nowwhat-bench-'));
  const server = fork(import.meta.filename, ['serve', String(objects), resource], { stdio: 'inherit' });
  try {
    writeKubeconfig(join(work, 'kubeconfig'), await new Promise((done) => server.once('message', done)));
    const [list, program, store] = [join(work, 'list.mjs'), join(root, 'bin/nowwhat.js'), join(work, 'kept')];
    await buildDropper(list);
    const only = ['--context', '.', '-n', namespace, '--include-resources', resource, '--store', store];
    const save = (name) => run(work, [program, 'backup', 'create', name, ...only]);
    await run(work, [list, resource]);
    await save('first');
    const listing = await run(work, [list, resource]);
    const saving = await save('second');
    const bytes = statSync(join(store, 'backups/second/second.tar.gz')).size;
    const row = (what, { ms, cpu, mb }) =>
      console.log(`| ${what} | ${(ms / 1000).toFixed(2)} s | ${(cpu / 1000).toFixed(2)} s | ${Math.round(mb)} MB |`);
    console.log(`${objects} ${resource}, an archive of ${(bytes / 2 ** 20).toFixed(1)} MiB\n`);
    console.log('| starts included | time | processor time | peak memory |\n| --- | --- | --- | --- |');
    row('listed and thrown away', listing);
    row('backup create', saving);
  } finally {
    server.kill();
    rmSync(work, { recursive: true });
  }
}

const [, , ...words] = process.argv;
if (words[0] === 'serve') serve(Number(words[1]), words[2]);
else await measure(Number(words[0] ?? 5000), words[1] ?? 'configmaps');
