// How a helper pod knows that its run is at work, and others too: the run touches a file in it every few seconds. Nobody needs a right for that beyond those of any helper.

import { setTimeout } from 'node:timers/promises';

const signFile = '/work/alive';

/** Milliseconds between two signs. */
const interval = 10_000;
/** Seconds without a sign after which others hold the run for dead. A machine that was asleep for so long finds its helper gone, and says so. */
export const deadAfter = 90;
/** Seconds after which the helper ends by itself, should nobody come by: no run outlives a lost connection for so long. */
const endsAfter = 600;

const waitScript = `trap "exit 0" TERM; touch ${signFile}; end=$(($(date +%s) + $1))
while now=$(date +%s); [ "$now" -lt "$end" ] && [ $((now - $(stat -c %Y ${signFile}))) -lt "$2" ]; do sleep 20 & wait; done`;

/** What a helper does all its life. It ends as soon as the kubelet asks for it: whoever is killed at once instead may still hold its volume. */
export function waitCommand(lifetime: number): string[] {
  return ['sh', '-c', waitScript, 'wait', String(lifetime), String(endsAfter)];
}

/** Prints how many seconds ago the last sign was. */
export const ageCommand: readonly string[] = ['sh', '-c', `echo $(($(date +%s) - $(stat -c %Y ${signFile})))`];

/** Gives signs until it is told to stop. One that fails is no harm: the next may not. */
export function giveSigns(run: (command: readonly string[]) => Promise<unknown>): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const keepOn = async (): Promise<void> => {
    for (;;) {
      await setTimeout(interval, undefined, { signal, ref: false });
      await run(['touch', signFile]).catch(() => undefined);
    }
  };
  keepOn().catch(() => undefined);
  return () => stop.abort();
}
