// How fast and how large the client of the Kubernetes API is: 50,000 pods of 5 KB against reading the same bytes with plain undici, and a fifth as many small
// calls. The server is another process; each measurement is a process of its own. Prints tables in Markdown.
//
//   node test/bench/api.mjs [PODS]
import { execFileSync, fork } from 'node:child_process';
import { createServer } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** Each of the processes has it as its last word. */
const total = Number(process.argv.at(-1)) || 50_000;
const gets = total / 5;
const page = 500;
const plain = 'undici';
const root = resolve(import.meta.dirname, '../..');

function pod(n) {
  const env = Array.from({ length: 40 }, (_, at) => ({ name: `VARIABLE_${at}`, value: `value number ${at} of ${n}` }));
  const fields = Object.fromEntries(
    Array.from({ length: 60 }, (_, at) => [`f:field-${at}`, { '.': {}, 'f:name': {} }]),
  );
  return {
    metadata: {
      name: `web-${n}`,
      namespace: `team-${n % 50}`,
      uid: String(n),
      resourceVersion: String(n),
      labels: { app: `app-${n % 100}` },
      managedFields: [{ manager: 'kubectl', operation: 'Update', fieldsV1: fields }],
    },
    spec: { nodeName: `node-${n % 300}`, containers: [{ name: 'app', image: 'registry.test/app:1', env }] },
    status: { phase: 'Running', podIP: '10.0.0.1' },
  };
}

function serve() {
  const pages = new Map();
  const bodyOf = (from) => {
    if (pages.has(from)) return pages.get(from);
    const items = Array.from({ length: Math.min(page, total - from) }, (_, at) => pod(from + at));
    const left = total - from - page;
    const metadata = {
      resourceVersion: '9',
      ...(left > 0 ? { continue: String(from + page), remainingItemCount: left } : {}),
    };
    const body = Buffer.from(JSON.stringify({ kind: 'PodList', apiVersion: 'v1', metadata, items }));
    pages.set(from, body);
    return body;
  };
  for (let from = 0; from < total; from += page) bodyOf(from);
  const discovered = { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', items: [] };
  const pods = { resource: 'pods', responseKind: { kind: 'Pod' }, scope: 'Namespaced', verbs: ['list'] };
  const core = { metadata: {}, versions: [{ version: 'v1', resources: [pods] }] };
  const others = new Map([
    ['/version', { gitVersion: 'v1.34.0' }],
    ['/api', { ...discovered, items: [core] }],
    ['/apis', discovered],
  ]);
  const small = Buffer.from(JSON.stringify({ kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'a' } }));
  const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://x');
    const other = others.get(url.pathname);
    const page = url.searchParams.has('limit') ? bodyOf(Number(url.searchParams.get('continue') ?? 0)) : small;
    const body = other === undefined ? page : Buffer.from(JSON.stringify(other));
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
  });
  server.listen(0, '127.0.0.1', () => process.send(server.address().port));
}

async function readPlain(port) {
  // Named by a variable: its types would make the linter read all scripts with Node's.
  const { Pool } = await import(plain);
  const pool = new Pool(`http://127.0.0.1:${port}`);
  let bytes = 0;
  for (let from = 0; from < total; from += page) {
    const { body } = await pool.request({ method: 'GET', path: `/api/v1/pods?limit=${page}&continue=${from}` });
    for await (const chunk of body) bytes += chunk.length;
  }
  await pool.close();
  return { bytes };
}

async function withClient(port, bundle, use) {
  const { createClient, listPages } = await import(bundle);
  const credentials = { current: async () => ({}), renew: async () => false };
  const connection = {
    context: '',
    cluster: '',
    user: '',
    namespace: '',
    server: `http://127.0.0.1:${port}`,
    trust: { insecure: false },
    compression: false,
    credentials,
    warnings: [],
  };
  const client = createClient(connection);
  const resource = { group: '', version: 'v1', resource: 'pods', kind: 'Pod' };
  const result = await use(client, (options) => listPages(client, resource, options));
  await client.close();
  return result;
}

function listed(port, bundle, options, keep) {
  return withClient(port, bundle, async (_client, list) => {
    const kept = [];
    let count = 0;
    for await (const { items } of list(options))
      for (const item of items) {
        count += item.kind === 'Pod' ? 1 : 0;
        if (keep) kept.push(item);
      }
    return { count: kept.length || count };
  });
}

/** What a journey holds of a cluster: read, projected, kept. */
async function snapshot(port, bundle) {
  const { readClusterSnapshot } = await import(bundle);
  const folder = mkdtempSync(join(tmpdir(), 'nowwhat-bench-'));
  const kubeconfig = join(folder, 'config');
  const server = `http://127.0.0.1:${port}`;
  const config = {
    'current-context': 'c',
    clusters: [{ name: 'c', cluster: { server } }],
    users: [{ name: 'c', user: {} }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'c' } }],
  };
  writeFileSync(kubeconfig, JSON.stringify(config));
  const wish = { context: '.', kubeconfig, namespaces: [], allNamespaces: true, concurrency: 8 };
  const outside = { environment: {}, progress: () => undefined };
  const read = await readClusterSnapshot(wish, undefined, outside);
  rmSync(folder, { recursive: true });
  return { count: read.snapshot.objects.length };
}

const ways = {
  'plain undici, bytes only': readPlain,
  'our pages, whole objects, looked at and dropped': (port, bundle) => listed(port, bundle, {}, false),
  'our pages without managedFields, looked at and dropped': (port, bundle) =>
    listed(port, bundle, { omitManagedFields: true }, false),
  'our pages without managedFields, all kept': (port, bundle) =>
    listed(port, bundle, { omitManagedFields: true }, true),
  'the snapshot of a cluster, all kept': snapshot,
  [`${gets} gets, 8 at a time`]: (port, bundle) =>
    withClient(port, bundle, async (client) => {
      let next = 0;
      const worker = async () => {
        while (next++ < gets) await client.request({ path: '/api/v1/namespaces/a/configmaps/a' });
      };
      await Promise.all(Array.from({ length: 8 }, worker));
      return { count: gets };
    }),
};

async function measure(name, port, bundle) {
  const started = performance.now();
  const result = await ways[name](port, bundle);
  const seconds = (performance.now() - started) / 1000;
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  // A busy machine makes the wall clock unfair: what the process itself used is told too.
  const cpu = (userCPUTime + systemCPUTime) / 1e6;
  console.log(JSON.stringify({ ...result, seconds, cpu, rss: maxRSS / 1024 }));
}

async function run() {
  const work = mkdtempSync(join(tmpdir(), 'nowwhat-bench-'));
  const bundle = join(work, 'api.mjs');
  const banner = {
    js: `import { createRequire } from 'node:module'; const require = createRequire(${JSON.stringify(pathToFileURL(join(root, 'package.json')).href)});`,
  };
  await build({
    stdin: {
      contents:
        "export * from './src/api/index.ts'; export { readClusterSnapshot } from './src/app/cluster/open-cluster.ts';",
      resolveDir: root,
    },
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    banner,
  });
  const server = fork(import.meta.filename, ['serve', String(total)], { stdio: 'inherit' });
  const port = await new Promise((done) => server.once('message', done));
  const best = (name) => {
    const args = [import.meta.filename, 'measure', name, String(port), pathToFileURL(bundle).href, String(total)];
    const runs = [1, 2, 3].map(() => JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', cwd: root })));
    return runs.reduce((a, b) => (a.seconds < b.seconds ? a : b));
  };
  try {
    const results = Object.keys(ways).map((name) => [name, best(name)]);
    const [[, base]] = results;
    console.log(`\n${total} pods, ${(base.bytes / total / 1000).toFixed(1)} KB each; the best of three\n`);
    console.log(
      '| way | seconds | of plain | CPU seconds, start included | peak MB |\n| --- | --- | --- | --- | --- |',
    );
    for (const [name, { seconds, cpu, rss }] of results)
      console.log(
        `| ${name} | ${seconds.toFixed(2)} | ${name.includes('gets') ? '' : (seconds / base.seconds).toFixed(2)} | ${cpu.toFixed(2)} | ${Math.round(rss)} |`,
      );
  } finally {
    server.kill();
    rmSync(work, { recursive: true });
  }
}

const [, , mode, name, port, bundle] = process.argv;
if (mode === 'serve') serve();
else if (mode === 'measure') await measure(name, port, bundle);
else await run();
