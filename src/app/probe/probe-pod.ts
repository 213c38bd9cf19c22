// The pod that looks from inside: small, without rights, gone when the look is over.

import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type ApiClient,
  createObject,
  deleteObject,
  getObject,
  isApiError,
  type ObjectName,
  objectNameOf,
} from '../../api/index.ts';
import { findStartTrouble } from '../../kube/live/start-trouble.ts';
import { asObject, asString, type JsonObject, UserError } from '../../model/index.ts';
import { passingPodSpec } from '../cluster/passing-pod.ts';
import type { ProbePod } from './dial.ts';

const pods = { group: '', version: 'v1', resource: 'pods', namespaced: true };
const container = 'probe';
/** Should nobody be there to delete it, the kubelet ends it after this time. */
const lifetimeSeconds = 900;

/** With limits that fit a quota. */
export function probePodManifest(namespace: string, image: string): JsonObject {
  const amounts = { cpu: '50m', memory: '32Mi', 'ephemeral-storage': '16Mi' };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `nowwhat-probe-${randomBytes(3).toString('hex')}`,
      namespace,
      labels: { 'app.kubernetes.io/name': 'nowwhat-probe', 'app.kubernetes.io/managed-by': 'nowwhat' },
      annotations: {
        'nowwhat.dev/purpose': 'looks which doors of the cluster are open to pods; may be deleted at any time',
      },
    },
    spec: passingPodSpec({
      container,
      image,
      command: ['sleep', String(lifetimeSeconds)],
      seconds: lifetimeSeconds,
      resources: { requests: amounts, limits: amounts },
    }),
  };
}

export interface RunningPod extends ProbePod {
  readonly remove: () => Promise<void>;
}

const patienceMs = 60_000;

async function waitUntilRunning(client: ApiClient, name: { namespace: string; name: string }): Promise<void> {
  const until = Date.now() + patienceMs;
  let last = '';
  while (Date.now() < until) {
    const pod = await getObject(client, pods, name);
    if (asObject(pod['status'])['phase'] === 'Running') return;
    const trouble = findStartTrouble(pod);
    last = trouble?.words ?? last;
    if (trouble?.isFinal === true) break;
    await pause(300);
  }
  throw new UserError(
    'probe-pod-failed',
    `the probe's pod does not start in namespace ${name.namespace}: ${last === '' ? 'it is not scheduled' : last}`,
    'Give an image that the cluster can pull with --image (it needs sleep and nc), or another namespace with -n.',
  );
}

/** Also where it is gone already. */
export async function removeProbePod(client: ApiClient, name: ObjectName): Promise<void> {
  try {
    await deleteObject(client, pods, name, { gracePeriodSeconds: 0 });
  } catch (error) {
    if (!isApiError(error, 404)) throw error;
  }
}

/** Starts the pod; where that fails, nothing is left either. */
export async function startProbePod(client: ApiClient, manifest: JsonObject): Promise<RunningPod> {
  const metadata = asObject(manifest['metadata']);
  const [namespace, name] = [asString(metadata['namespace']) ?? '', asString(metadata['name']) ?? ''];
  const removePod = (): Promise<void> => removeProbePod(client, objectNameOf(manifest));
  try {
    await createObject(client, pods, manifest);
    await waitUntilRunning(client, { namespace, name });
  } catch (error) {
    await removePod();
    throw error;
  }
  return { namespace, pod: name, container, remove: removePod };
}
