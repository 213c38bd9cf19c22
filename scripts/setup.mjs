// Installs the pinned packages when they are missing or the lockfile changed: the first step of every npm script.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';

const major = Number(process.versions.node.split('.')[0]);
if (major < 20) {
  console.error(
    `nowwhat needs Node.js 20.19 or newer; this is ${process.version}. Install a newer Node.js and run the command again.`,
  );
  process.exit(2);
}
const stamp = 'node_modules/.nowwhat-setup';
const wanted = createHash('sha256').update(readFileSync('package-lock.json')).digest('hex');
const found = existsSync(stamp) ? readFileSync(stamp, 'utf8') : '';
if (found !== wanted) {
  console.error('nowwhat: installing packages (once) ...');
  // `npm install` rather than `npm ci`: a registry that lacks the programs of other platforms makes ci refuse the lockfile, which install only reads.
  const args = ['install', '--no-save', '--ignore-scripts', '--no-fund', '--no-audit', '--loglevel=error'];
  execFileSync('npm', args, { stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' });
  writeFileSync(stamp, wanted);
}
