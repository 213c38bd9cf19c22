// How the data of volumes move between a cluster and a store: what the user says of it, what is shown before, and how it ends in any case.

import { type ApiClient, systemClock } from '../../api/index.ts';
import {
  type ChosenVolumes,
  type MovingVolumes,
  type Repository,
  type Store,
  usualPassword,
} from '../../backup/index.ts';
import { UserError } from '../../model/index.ts';
import { openTemporaryFolder } from './temporary-folder.ts';

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
  /** URL by which the pods reach the store; left out for a folder, which they reach through this program alone. */
  readonly endpoint?: string;
  readonly volumes: readonly {
    readonly namespace: string;
    readonly pod: string;
    readonly name: string;
    readonly claim?: string;
    readonly hostPath?: string;
    /** Of a directory that comes back. */
    readonly node?: string;
  }[];
}

export interface Moving {
  readonly moving: MovingVolumes;
  readonly endpoint?: string;
  /** Ends what runs and removes the helpers. */
  readonly tidy: () => Promise<void>;
  readonly close: () => Promise<void>;
}

interface Reached {
  readonly repository: Repository;
  /** What the helper pod gets besides the password. */
  readonly secret: Readonly<Record<string, string>>;
  /** URL; left out for a folder. */
  readonly endpoint?: string;
}

/** Of the store nothing but what a pod needs to reach it. */
async function reach(store: Store, { limit, endpoint: wanted }: MovingWish): Promise<Reached> {
  if (store.access === undefined)
    return { repository: { kind: 'folder', folder: store.folder ?? store.place, limit }, secret: {} };
  const { bucket, endpoint, region, caCert, credentials } = await store.access();
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const reached = wanted ?? endpoint;
  const hasAuthority = caCert !== undefined;
  return {
    repository: { kind: 'bucket', bucket, prefix: store.prefix, endpoint: reached, region, hasAuthority, limit },
    endpoint: reached,
    secret: {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      ...(sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: sessionToken }),
      ...(hasAuthority ? { 'ca.pem': caCert } : {}),
    },
  };
}

export async function openMoving(
  store: Store,
  client: ApiClient,
  wish: MovingWish,
  progress: (text: string) => void,
): Promise<Moving> {
  const { image, timeout, concurrency, password = usualPassword } = wish;
  const { repository, secret, endpoint } = await reach(store, wish);
  const folder = await openTemporaryFolder('nowwhat-volumes-');
  const stop = new AbortController();
  const helpers = new Set<() => Promise<void>>();
  const { sleep } = systemClock;
  const moving: MovingVolumes = {
    context: { client, sleep, now: Date.now, signal: stop.signal, helpers },
    repository,
    store,
    secret: { ...secret, KOPIA_PASSWORD: password },
    image,
    timeout,
    concurrency,
    folder: folder.path,
    progress,
  };
  return {
    moving,
    ...(endpoint === undefined ? {} : { endpoint }),
    tidy: async () => {
      stop.abort(
        new UserError(
          'volume-failed',
          'it was ended from outside',
          'Run the command again: it goes on; a backup of that name with --take-over.',
        ),
      );
      await Promise.allSettled([...helpers].map((removeHelper) => removeHelper()));
    },
    close: folder.close,
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
