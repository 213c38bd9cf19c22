// How the data of volumes move between a cluster and a store: what the user says of it, what is shown before, and how it ends in any case.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { ApiClient } from '../api/index.ts';
import {
  type ChosenVolumes,
  type MovingVolumes,
  removeEndedHelpers,
  type Store,
  usualPassword,
} from '../backup/index.ts';
import { UserError } from '../model/index.ts';

/** What the user says of the way that data go. */
export interface MovingWish {
  /** Image of the helper pods: it must hold kopia, a shell, and GNU's or busybox's programs for files. */
  readonly image: string;
  /** URL by which pods reach the store, where that is not the one from here. */
  readonly endpoint?: string | undefined;
  /** Bytes per second of each volume. */
  readonly limit?: number | undefined;
  /** Milliseconds that a volume may take. */
  readonly timeout: number;
  /** Volumes at once. */
  readonly concurrency: number;
  /** Of the kopia repositories, where it is not Velero's own. */
  readonly password?: string | undefined;
}

/** What will be made in the cluster, for the user to agree with. */
export interface VolumePlan {
  readonly context: string;
  readonly server: string;
  readonly store: string;
  readonly image: string;
  /** URL by which the pods reach the store. */
  readonly endpoint: string;
  readonly volumes: readonly {
    readonly namespace: string;
    readonly pod: string;
    readonly name: string;
    readonly claim?: string;
    readonly hostPath?: string;
  }[];
}

export interface Moving {
  readonly moving: MovingVolumes;
  readonly endpoint: string;
  /** Ends what runs and removes the helpers. */
  readonly tidy: () => Promise<void>;
  readonly close: () => Promise<void>;
}

function noBucket(store: Store): UserError {
  return new UserError(
    'invalid-option',
    `the data of volumes go into a bucket, and ${store.place} is a folder, which no pod reaches`,
    'Name an S3 store, or save the objects alone with --no-volumes.',
  );
}

/** Of the store nothing but what a pod needs to reach it. */
export async function openMoving(
  store: Store,
  client: ApiClient,
  wish: MovingWish,
  progress: (text: string) => void,
): Promise<Moving> {
  if (store.access === undefined) throw noBucket(store);
  const { bucket, endpoint, region, caCert, credentials } = await store.access();
  const { image, limit, timeout, concurrency, password = usualPassword } = wish;
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const folder = await mkdtemp(join(tmpdir(), 'nowwhat-volumes-'));
  const stop = new AbortController();
  const helpers = new Set<() => Promise<void>>();
  const reached = wish.endpoint ?? endpoint;
  const sleep = (milliseconds: number): Promise<void> => setTimeout(milliseconds);
  const moving: MovingVolumes = {
    context: { client, sleep, now: Date.now, signal: stop.signal, helpers },
    repository: { bucket, prefix: store.prefix, endpoint: reached, region, hasAuthority: caCert !== undefined, limit },
    secret: {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      ...(sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: sessionToken }),
      KOPIA_PASSWORD: password,
      ...(caCert === undefined ? {} : { 'ca.pem': caCert }),
    },
    image,
    timeout,
    concurrency,
    folder,
    progress,
  };
  return {
    moving,
    endpoint: reached,
    tidy: async () => {
      stop.abort(new UserError('volume-failed', 'it was ended from outside', 'Run the command again: it goes on.'));
      await Promise.allSettled([...helpers].map((removeHelper) => removeHelper()));
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

export function planOf(
  { saved }: ChosenVolumes,
  rest: Pick<VolumePlan, 'context' | 'server' | 'store' | 'image' | 'endpoint'>,
): VolumePlan {
  const volumes = saved.map(({ namespace, pod, name, source }) => ({
    namespace,
    pod,
    name,
    ...(source.kind === 'claim' ? { claim: source.claim } : {}),
    ...(source.kind === 'host-path' ? { hostPath: source.path } : {}),
  }));
  return { ...rest, volumes };
}

/** What a run that was killed has left behind. */
export async function tidyLeftovers(client: ApiClient, namespaces: Iterable<string>): Promise<void> {
  for (const namespace of new Set(namespaces)) await removeEndedHelpers(client, namespace);
}
