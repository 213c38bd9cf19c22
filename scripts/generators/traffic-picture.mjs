// The drawing of the sample app's traffic that the user docs show.
import { spawnSync } from 'node:child_process';

export function generate() {
  const args = ['bin/nowwhat.js', 'traffic', 'examples/shop/k8s', '--flows', 'examples/shop/flows.jsonl', '-o', 'svg'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the traffic of the sample app could not be drawn: ${stderr}`);
  return new Map([['docs/images/traffic.svg', stdout]]);
}
