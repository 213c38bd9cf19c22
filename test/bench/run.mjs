// `npm run bench`: how fast and how large, as ratios against baselines measured in the same run. Prints tables in Markdown.
//
//   node test/bench/run.mjs [smallest]
//
// `smallest` tries each of them once on next to nothing: the figures say that all of them work, and no more.
// NOWWHAT_KUBE_SCORE names a kube-score program to compare with; NOWWHAT_SHARED a folder that holds apps/online-boutique; NOWWHAT_TEST_KUBECONFIG a cluster that
// may be thrown away, NOWWHAT_TEST_VELERO and its like the programs to compare with there.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { writeAuditLog } from './audit.mjs';
import { writeFiles } from './generate.mjs';
import { compare, runOnce } from './measure.mjs';

const root = resolve(import.meta.dirname, '../..');
const program = join(root, 'bin/nowwhat.js');
const work = mkdtempSync(join(tmpdir(), 'nowwhat-bench-'));
const bytesPerObject = 4000;
const whole = {
  runs: { start: 11, large: 5, empty: 5, scale: 3 },
  large: 10_000,
  scale: [1000, 5000, 10_000, 20_000],
  workloads: 1000,
  events: [100_000, 300_000, 1_000_000],
  backups: [5000, 100_000],
};
const smallest = {
  runs: { start: 1, large: 1, empty: 1, scale: 1 },
  large: 20,
  scale: [20],
  workloads: 50,
  events: [100],
  backups: [5],
};
const sizes = process.argv[2] === 'smallest' ? smallest : whole;
const { runs, large } = sizes;
const node = process.execPath;

function table(head, rows) {
  console.log(`\n| ${head.join(' | ')} |\n|${head.map(() => ' --- ').join('|')}|`);
  for (const row of rows) console.log(`| ${row.join(' | ')} |`);
}

function describeMachine() {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  console.log(
    `nowwhat ${version}, Node ${process.versions.node}, ${cpus().length} × ${cpu?.model ?? 'CPU'}, ${memory} GiB`,
  );
}

async function benchStart() {
  const shared = process.env.NOWWHAT_SHARED ?? join(root, '../shared');
  const apps = [
    ['journey, our sample shop', join(root, 'examples/shop'), '250 ms'],
    ['journey, Online Boutique', join(shared, 'apps/online-boutique'), '250 ms'],
  ].filter(([, folder]) => existsSync(folder));
  const programs = [
    ['empty Node process', ['-e', '0'], ''],
    ['`--version`', [program, '--version'], '40 ms'],
    ['`--help`', [program, '--help'], '40 ms'],
    ...apps.map(([title, folder, limit]) => [title, [program, 'journey', folder], limit]),
  ];
  const results = await compare(
    programs.map(([, args]) => ({ command: node, args })),
    runs.start,
  );
  const [empty] = results;
  const rows = programs.map(([title, , limit], index) => {
    const over = index === 0 ? '' : `${Math.round(results[index].ms - empty.ms)} ms`;
    return [title, `${Math.round(results[index].ms)} ms`, over, limit];
  });
  table(['start', `median of ${runs.start}`, 'over the empty process', 'target'], rows);
}

function inputOf(objects) {
  const folder = join(work, String(objects));
  if (!existsSync(folder)) writeFiles(folder, objects, objects * bytesPerObject);
  return folder;
}

function checkArguments(folder) {
  return [program, 'check', folder, '-o', 'json'];
}

async function benchLarge() {
  const folder = inputOf(large);
  const programs = [['nowwhat, all checks', { command: node, args: checkArguments(folder) }]];
  const other = process.env.NOWWHAT_KUBE_SCORE;
  if (other !== undefined && existsSync(other)) {
    const files = readdirSync(folder).map((file) => join(folder, file));
    const version = execFileSync(other, ['version'], { encoding: 'utf8' }).match(/version: ([\w.]+)/)?.[1] ?? '';
    programs.push([`kube-score ${version}`.trim(), { command: other, args: ['score', '-o', 'json', ...files] }]);
  }
  const results = await compare(
    programs.map(([, each]) => each),
    runs.large,
  );
  const [own] = results;
  const rows = programs.map(([title], index) => {
    const { ms, mb } = results[index];
    return [
      title,
      `${(ms / 1000).toFixed(1)} s`,
      (ms / own.ms).toFixed(2),
      `${Math.round(mb)} MB`,
      (mb / own.mb).toFixed(2),
    ];
  });
  table([`${large} objects, ${(large * bytesPerObject) / 1e6} MB`, 'time', 'ratio', 'peak memory', 'ratio'], rows);
}

async function benchScale() {
  const [empty] = await compare([{ command: node, args: ['-e', '0'] }], runs.empty);
  const rows = [];
  for (const objects of sizes.scale) {
    const times = [];
    for (let run = 0; run < runs.scale; run += 1) times.push(await runOnce(node, checkArguments(inputOf(objects))));
    const best = times.reduce((a, b) => (a.ms < b.ms ? a : b));
    const each = ((best.ms - empty.ms) / objects) * 1000;
    rows.push([objects, `${(best.ms / 1000).toFixed(2)} s`, `${Math.round(each)} µs`, `${Math.round(best.mb)} MB`]);
  }
  table(['objects', `best of ${runs.scale}`, 'for one object, start taken off', 'peak memory'], rows);
}

/** Runs a file of this folder, which imports the sources, in a process of its own, and reads what it prints. */
async function runBundled(file, args) {
  const outfile = join(work, file);
  await build({
    entryPoints: [join(import.meta.dirname, file)],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  return JSON.parse(execFileSync(node, [outfile, ...args], { encoding: 'utf8' }));
}

async function benchNetwork() {
  const { pods, policies, namespaces, edges, first, best, mb } = await runBundled('network.mjs', [
    String(sizes.workloads),
  ]);
  const what = `${pods} pods, ${policies} policies, ${namespaces} namespaces: ${edges} connections`;
  table(
    ['all connections', 'first run', 'best of 3', 'memory', 'target'],
    [[what, `${Math.round(first)} ms`, `${Math.round(best)} ms`, `${Math.round(mb)} MB`, '2000 ms']],
  );
}

async function benchYaml() {
  const { megabytes, speeds } = await runBundled('yaml.mjs', [inputOf(large)]);
  const rows = Object.entries(speeds).map(([name, speed]) => [
    name,
    `${speed.toFixed(1)} MB/s`,
    (speeds.nowwhat / speed).toFixed(1),
  ]);
  table([`YAML reader, ${megabytes.toFixed(0)} MB of manifests`, 'speed', 'nowwhat is faster by'], rows);
}

async function benchAuditLog() {
  const rows = [];
  for (const events of sizes.events) {
    const file = join(work, `audit-${events}.log`);
    await writeAuditLog(file, events);
    const { size } = statSync(file);
    const args = ['roles', '--audit-log', file, '-o', 'json', '-q'];
    const { ms, mb } = await runOnce(node, [program, ...args]);
    rmSync(file);
    rows.push([
      events.toLocaleString('en'),
      `${Math.round(size / 1e6)} MB`,
      `${(ms / 1000).toFixed(1)} s`,
      `${Math.round((ms / events) * 1000)} µs`,
      `${Math.round(mb)} MB`,
    ]);
  }
  table(['events of an audit log', 'size', 'time', 'for one event', 'peak memory'], rows);
}

/** Backups and restores need a cluster that may be thrown away. */
async function benchBackup() {
  for (const objects of process.env.NOWWHAT_TEST_KUBECONFIG === undefined ? [] : sizes.backups)
    await new Promise((done, fail) => {
      const child = spawn(node, [join(import.meta.dirname, 'backup.mjs'), String(objects)], { stdio: 'inherit' });
      child.on('error', fail).on('close', (status) => (status === 0 ? done() : fail(new Error('backup.mjs failed'))));
    });
}

try {
  describeMachine();
  await benchStart();
  await benchYaml();
  await benchNetwork();
  await benchLarge();
  await benchScale();
  await benchAuditLog();
  await benchBackup();
} finally {
  rmSync(work, { recursive: true, force: true });
}
