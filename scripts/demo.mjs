// Shows the main job on the sample app: from its files, and from two clusters in memory, a laptop's Minikube and production. No cluster of the user's is touched.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPlayground } from './playground.mjs';

const folder = mkdtempSync(join(tmpdir(), 'nowwhat-demo-'));
const kubeconfig = join(folder, 'kubeconfig');
const clusters = [
  { name: 'minikube', paths: ['examples/clusters/minikube.yaml', 'examples/shop/k8s'], kubernetesMinor: 33 },
  { name: 'production', paths: ['examples/clusters/production.yaml'], kubernetesMinor: 36 },
];
const steps = [
  { question: 'How far is this app from production? From its files:', args: ['journey', 'examples/shop/k8s'] },
  { question: 'The same from what runs on Minikube:', args: ['journey', '--context', 'minikube'] },
  { question: 'What is the target made of?', args: ['facts', '--context', 'production'] },
  {
    question: 'What changes there, and what does it say itself?',
    args: ['compare', '--from', 'minikube', '--to', 'production', '--prove', '--yes'],
  },
];

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
    const child = spawn(process.execPath, ['bin/nowwhat.js', ...args], { stdio: 'inherit', env });
    child.once('error', reject);
    child.once('close', (status) =>
      status === 0 || status === 1 ? resolve() : reject(new Error(`nowwhat ${args[0]} ended with status ${status}`)),
    );
  });
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
  for (const { question, args } of steps) {
    if (isStopped) break;
    console.log(`\n# ${question}\n$ nowwhat ${args.join(' ')}`);
    await run(args);
  }
} catch (error) {
  if (!isStopped) throw error;
} finally {
  await Promise.all(opened.map(({ playground }) => playground.close()));
  rmSync(folder, { recursive: true });
}
if (isStopped) process.exitCode = 130;
