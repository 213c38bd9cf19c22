// Runs programs and says how long they took and how much memory they had at most.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Peak resident size in MB of a running process, as Linux keeps it; 0 elsewhere. */
function peakOf(pid) {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** Time in ms and peak memory in MB of one run; output is read and thrown away. Exit status 1 means findings. */
export function runOnce(command, args, environment = process.env) {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'], env: environment });
    let peak = 0;
    let bytes = 0;
    const watch = () => {
      peak = Math.max(peak, peakOf(child.pid));
    };
    const timer = setInterval(watch, 5);
    child.stdout.on('data', (chunk) => {
      bytes += chunk.length;
    });
    child.on('error', reject);
    child.on('close', (status) => {
      clearInterval(timer);
      if (status !== 0 && status !== 1) reject(new Error(`${command} ${args.slice(0, 3).join(' ')} gave ${status}`));
      else resolve({ ms: performance.now() - started, mb: peak, bytes });
    });
  });
}

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** Medians over several runs of several programs, one after the other in turn, so that noise meets all of them. */
export async function compare(programs, runs) {
  const results = programs.map(() => []);
  for (let run = 0; run < runs; run += 1)
    for (const [index, { command, args, environment }] of programs.entries())
      results[index].push(await runOnce(command, args, environment));
  return results.map((list) => ({ ms: median(list.map(({ ms }) => ms)), mb: median(list.map(({ mb }) => mb)) }));
}
