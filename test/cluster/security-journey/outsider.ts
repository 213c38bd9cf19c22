// Somebody in another namespace who listens, and knocks at an app that is none of his.

import { setTimeout as pause } from 'node:timers/promises';
import type { TestNamespace } from '../test-cluster.ts';
import { podObject } from '../policies/probe-pods.ts';
import { type AppPod, findAppPods } from './ask-app.ts';

export const outsiderPort = 8080;

export async function startOutsider(space: TestNamespace, image: string): Promise<AppPod> {
  const { client, name: namespace } = space;
  const pod = { namespace, name: 'outsider', labels: { app: 'outsider' }, ports: { http: outsiderPort, alt: 8081 } };
  await space.create('api/v1:pods', podObject(pod, image));
  const end = Date.now() + 240_000;
  while (Date.now() < end) {
    const found = (await findAppPods(client, namespace)).get('outsider');
    if (found !== undefined) return found;
    await pause(500);
  }
  throw new Error('the pod in the other namespace is not ready in time');
}
