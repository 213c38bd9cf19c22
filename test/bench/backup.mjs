// How fast objects are saved and brought back: against listing the same bytes and throwing them away, against plain creates, and beside Velero where it is
// given, on the cluster of NOWWHAT_TEST_KUBECONFIG, which may be thrown away. Prints a table in Markdown: of listings and backups the medians.
//
//   node test/bench/backup.mjs [OBJECTS]
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { median, runOnce } from './measure.mjs';

const objects = Number(process.argv[2] ?? 5000);
const parallel = 32;
/** Listing and saving take turns, so that what the API server does besides meets both. */
const rounds = 3;
/** Velero restores about fifty objects a second: more than this is not waited for. */
const mostForVelero = 10_000;
const kubeconfig = process.env.NOWWHAT_TEST_KUBECONFIG;
if (kubeconfig === undefined) throw new Error('name a cluster that may be thrown away in NOWWHAT_TEST_KUBECONFIG');
const root = resolve(import.meta.dirname, '../..');
const program = join(root, 'bin/nowwhat.js');
const work = mkdtempSync(join(tmpdir(), 'nowwhat-bench-'));
const namespace = `bench-${process.pid}`;

/** Our own client, so that the baselines differ from what is measured by nothing but the work. */
async function loadTypeScript(name, path) {
  const outfile = join(work, `${name}.mjs`);
  const entry = join(work, `${name}.ts`);
  writeFileSync(entry, `export * from ${JSON.stringify(join(root, path))};\n`);
  const banner = { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" };
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner,
    logLevel: 'error',
    nodePaths: [join(root, 'node_modules')],
  });
  return import(pathToFileURL(outfile).href);
}

const api = await loadTypeScript('api', 'src/api/index.ts');
const client = api.createClient(await api.readConnection({ path: kubeconfig, environment: {} }), {
  concurrency: parallel,
});

function configMap(name, where) {
  const data = Object.fromEntries(
    Array.from({ length: 12 }, (_, at) => [`key-${at}`, `a value of ${name}, number ${at}, `.repeat(3)]),
  );
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: where, labels: { app: 'bench' } }, data };
}

const ask = (method, path, body) => client.request({ method, path, body });
const makeNamespace = (name) =>
  ask('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

async function createAll(where) {
  await makeNamespace(where);
  let left = objects;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      const name = `settings-${left}`;
      await ask('POST', `/api/v1/namespaces/${where}/configmaps`, configMap(name, where));
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: parallel }, worker));
  return performance.now() - started;
}

/** The bytes of all pages, unparsed. */
async function listAndDrop(where) {
  const started = performance.now();
  let [token, bytes] = ['', 0];
  do {
    const query = `limit=500${token === '' ? '' : `&continue=${encodeURIComponent(token)}`}`;
    const page = await client.requestBytes({ path: `/api/v1/namespaces/${where}/configmaps?${query}` });
    bytes += page.length;
    token = /"continue":"([^"]+)"/.exec(page.subarray(0, 2000).toString())?.[1] ?? '';
  } while (token !== '');
  return { ms: performance.now() - started, bytes };
}

async function timed(work) {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** Velero's times for the same objects, into a bucket; nothing where it is not given or would take too long. */
async function runVelero() {
  const { hasVelero, startVelero } = await loadTypeScript('velero', 'test/cluster/velero.ts');
  if (!hasVelero) return undefined;
  const velero = await startVelero();
  try {
    const spec = { includedNamespaces: [namespace], includedResources: ['configmaps'], storageLocation: 'default' };
    const saving = await timed(() => velero.run('Backup', 'bench', spec, 1800));
    const savingPeak = velero.peak();
    if (objects > mostForVelero) return { saving: { ms: saving, mb: savingPeak } };
    const mapping = { [namespace]: `${namespace}-velero` };
    const restore = { backupName: 'bench', namespaceMapping: mapping };
    const restoring = await timed(() => velero.run('Restore', 'bench', restore, 1800));
    return { saving: { ms: saving, mb: savingPeak }, restoring: { ms: restoring, mb: velero.peak() } };
  } finally {
    await velero.close();
  }
}

const environment = { ...process.env, KUBECONFIG: kubeconfig };
const run = (...args) => runOnce(process.execPath, [program, ...args, '--store', join(work, 'kept')], environment);

try {
  const creating = await createAll(namespace);
  const only = ['--context', '.', '-n', namespace, '--include-resources', 'configmaps'];
  const [lists, saves] = [[], []];
  for (let round = 1; round <= rounds; round += 1) {
    lists.push(await listAndDrop(namespace));
    saves.push(await run('backup', 'create', `bench-${round}`, ...only));
  }
  const listing = { ms: median(lists.map(({ ms }) => ms)), bytes: lists[0].bytes };
  const saving = { ms: median(saves.map(({ ms }) => ms)), mb: Math.max(...saves.map(({ mb }) => mb)) };
  const target = `${namespace}-back`;
  const to = ['--namespace-mappings', `${namespace}:${target}`, '--concurrency', String(parallel), '--yes'];
  const restoring = await run('restore', 'create', '--from-backup', 'bench-1', '--context', '.', ...to);
  const again = await run('restore', 'create', '--from-backup', 'bench-1', '--context', '.', ...to);
  const velero = await runVelero();
  const rate = (ms) => `${Math.round(objects / (ms / 1000))} a second`;
  const row = (title, { ms, mb }, ratio) =>
    console.log(
      `| ${title} | ${(ms / 1000).toFixed(1)} s | ${rate(ms)} | ${mb === undefined ? '' : `${Math.round(mb)} MB`} | ${ratio} |`,
    );
  const times = (ours, theirs) => `${(theirs.ms / ours.ms).toFixed(1)} times as fast as Velero`;
  console.log(`${objects} ConfigMaps, ${(listing.bytes / 2 ** 20).toFixed(1)} MiB as lists\n`);
  console.log('| | time | rate | peak memory | |\n| --- | --- | --- | --- | --- |');
  row('listed and thrown away', listing, '');
  row(
    'backup create',
    saving,
    `${((listing.ms / saving.ms) * 100).toFixed(0)} % of the rate of listing, start included`,
  );
  if (velero !== undefined) row('backup by Velero', velero.saving, times(saving, velero.saving));
  row(`plain creates, ${parallel} at once`, { ms: creating }, '');
  row('restore create', restoring, `${((creating / restoring.ms) * 100).toFixed(0)} % of the rate of plain creates`);
  row('restore create, all there', again, '');
  if (velero?.restoring !== undefined) row('restore by Velero', velero.restoring, times(restoring, velero.restoring));
} finally {
  for (const name of [namespace, `${namespace}-back`, `${namespace}-velero`])
    await ask('DELETE', `/api/v1/namespaces/${name}`).catch(() => undefined);
  await client.close();
  rmSync(work, { recursive: true });
}
