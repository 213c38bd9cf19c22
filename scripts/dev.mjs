// Builds and runs the CLI again whenever the sources change: `npm run dev -- check ./k8s`; without arguments, the journey of the sample app.
import { spawnSync } from 'node:child_process';
import { existsSync, watch } from 'node:fs';

const given = process.argv.slice(2);
const args = given.length === 0 ? ['journey', 'examples/shop/k8s'] : given;
const pause = 150;

function run() {
  if (process.stdout.isTTY) process.stdout.write('\u001b[2J\u001b[H');
  const started = Date.now();
  const built = spawnSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' });
  if (built.status !== 0) return;
  console.error(`built in ${Date.now() - started} ms: nowwhat ${args.join(' ')}`);
  spawnSync(process.execPath, ['bin/nowwhat.js', ...args], { stdio: 'inherit' });
}

let timer;
function later() {
  clearTimeout(timer);
  timer = setTimeout(run, pause);
}

run();
for (const path of ['src', ...args.filter((each) => existsSync(each))]) watch(path, { recursive: true }, later);
console.error('watching; Ctrl-C ends');
