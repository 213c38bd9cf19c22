// The drawings of traffic and of the network that the user docs show.
import { spawnSync } from 'node:child_process';

const commands = {
  'docs/images/network.svg': ['network', 'examples/closed', '-o', 'svg'],
  'docs/images/traffic.svg': ['traffic', 'examples/shop/k8s', '--flows', 'examples/shop/flows.jsonl', '-o', 'svg'],
};

function draw(args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['bin/nowwhat.js', ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`nowwhat ${args.join(' ')} could not draw: ${stderr}`);
  return stdout;
}

export function generate() {
  return new Map(Object.entries(commands).map(([path, args]) => [path, draw(args)]));
}
