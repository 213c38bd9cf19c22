// Shows the main job on a copy of the sample app and on two clusters in memory, a laptop's Minikube and production. No file and no cluster of the user's is touched.
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openPlayground } from './playground.mjs';

const folder = mkdtempSync(join(tmpdir(), 'nowwhat-demo-'));
const kubeconfig = join(folder, 'kubeconfig');
const program = resolve('bin/nowwhat.js');
const clusters = [
  { name: 'minikube', paths: ['examples/clusters/minikube.yaml', 'examples/shop/k8s'], kubernetesMinor: 33 },
  { name: 'production', paths: ['examples/clusters/production.yaml'], kubernetesMinor: 36 },
];
const between = ['--from', 'minikube', '--to', 'production'];
const steps = [
  { question: 'How far is this app from production? From its files:', args: ['journey', 'shop/k8s'] },
  {
    question: 'Put right what keeps it on the laptop. What only its people know stands in decisions.yaml:',
    args: ['fix', 'shop/k8s', '--to', 'deployment=1', '--config', 'decisions.yaml', '--write'],
  },
  { question: 'It runs on Minikube as it was. What changes on production?', args: ['compare', ...between] },
  {
    question: 'Save what runs on Minikube, with nothing installed in it:',
    args: ['backup', 'create', 'first', '--context', 'minikube', '-n', 'default', '--store', 'kept'],
  },
  {
    question: 'Does it come back? Try it in a fenced copy, with one value spoilt on purpose:',
    args: ['drill', '--from-backup', 'first', '--context', 'minikube', '--store', 'kept', '--yes'],
  },
];
const before = `The shop of examples/shop, as its authors left it after a week on Minikube. What follows happens in a folder and in
two clusters in memory that go at the end: no file and no cluster of yours is touched.`;
const after = `
# And yours?
nowwhat ./k8s                           a folder, a chart or a kustomization: reads it, and changes nothing
nowwhat --context minikube -n shop      what runs in a cluster
docs/README.md                          all the rest, by what you want to do`;

function renderKubeconfig(opened) {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'minikube',
    clusters: opened.map(({ name, playground }) => ({ name, cluster: { server: playground.url } })),
    users: opened.map(({ name, playground }) => ({ name, user: { token: playground.tokens.admin } })),
    contexts: opened.map(({ name }) => ({ name, context: { cluster: name, user: name, namespace: 'default' } })),
  });
}

/** Status 1 means "there is something to do": for the sample app that is what the demo shows. */
function run(args) {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, KUBECONFIG: kubeconfig };
    const child = spawn(process.execPath, [program, ...args], { cwd: folder, stdio: 'inherit', env });
    child.once('error', reject);
    child.once('close', (status) =>
      status === 0 || status === 1 ? resolve() : reject(new Error(`nowwhat ${args[0]} ended with status ${status}`)),
    );
  });
}

function inAYear() {
  return new Date(Date.now() + 365 * 86_400_000).toISOString().slice(0, 10);
}

const opened = [];
let isStopped = false;
// The command that runs gets Ctrl-C too and ends; what is temporary goes as it does at the end.
process.once('SIGINT', () => {
  isStopped = true;
});
try {
  for (const { name, ...options } of clusters)
    opened.push({ name, playground: await openPlayground({ ...options, say: () => undefined }) });
  writeFileSync(kubeconfig, renderKubeconfig(opened), { mode: 0o600 });
  cpSync('examples/shop/k8s', join(folder, 'shop/k8s'), { recursive: true });
  const decisions = readFileSync('examples/shop/decisions.yaml', 'utf8');
  // Exceptions end on a day; those of the demo are agreed to today.
  writeFileSync(join(folder, 'decisions.yaml'), decisions.replaceAll(/until: "[^"]*"/g, `until: "${inAYear()}"`));
  console.log(before);
  for (const { question, args } of steps) {
    if (isStopped) break;
    console.log(`\n# ${question}\n$ nowwhat ${args.join(' ')}`);
    await run(args);
  }
  if (!isStopped) console.log(after);
} catch (error) {
  if (!isStopped) throw error;
} finally {
  await Promise.all(opened.map(({ playground }) => playground.close()));
  rmSync(folder, { recursive: true });
}
if (isStopped) process.exitCode = 130;
