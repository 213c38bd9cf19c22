// Waits until a stand-in runs.

import { setTimeout as pause } from 'node:timers/promises';
import { type ApiClient, getObject } from '../../../api/index.ts';
import { findStartTrouble, type StartTrouble } from '../../../kube/live/start-trouble.ts';
import type { StandIn } from '../../../inference/index.ts';
import { UserError } from '../../../model/index.ts';
import { addressOf } from './stand-in-pod.ts';

const pods = { group: '', version: 'v1', resource: 'pods' };

/** Its address. Throws `UserError` where it does not start within that many milliseconds. */
export async function untilRunning(client: ApiClient, standIn: StandIn, patienceMs: number): Promise<string> {
  const { namespace, name } = standIn;
  const end = Date.now() + patienceMs;
  let trouble: StartTrouble | undefined;
  while (Date.now() < end && trouble?.isFinal !== true) {
    const pod = await getObject(client, pods, { namespace, name });
    const address = addressOf(pod);
    if (address !== undefined) return address;
    trouble = findStartTrouble(pod) ?? trouble;
    await pause(300);
  }
  throw new UserError(
    'probe-pod-failed',
    `the stand-in for ${standIn.of} does not start in namespace ${namespace}: ${trouble?.words ?? 'it was not scheduled in time'}`,
    'Give an image that the cluster can pull with --image; it needs sh, nc, nslookup and timeout, as busybox has.',
  );
}
