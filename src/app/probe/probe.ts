// `probe`: which doors of a cluster are open to somebody without a login, from here and from inside. Shows what it would ask first.

import { type ApiClient, createClient, makeStoppable, objectNameOf } from '../../api/index.ts';
import { findTargets, type Standpoint, type Target, type TargetList } from '../../exposure/index.ts';
import type { DoorState } from '../../exposure/index.ts';
import { type JsonObject, kubectlCommand, type Severity, type Snapshot } from '../../model/index.ts';
import { type ClusterWish, connectCluster, readClusterSnapshot } from '../cluster/open-cluster.ts';
import { type Remember } from '../passing.ts';
import { dialFromHere, dialFromPod } from './dial.ts';
import { knockAtAll, type Looked } from './knock.ts';
import { probePodManifest, removeProbePod, startProbePod } from './probe-pod.ts';
import type { Outside } from '../outside.ts';

export interface ProbeWish {
  readonly cluster: ClusterWish;
  readonly standpoints: readonly Standpoint[];
  /** Image of the pod that looks from inside; it needs `sleep` and `nc`. */
  readonly image: string;
}

/** What will be asked, for the user to agree with. */
export interface ProbePlan {
  readonly schema: 'nowwhat.dev/probe-plan/v1';
  readonly context: string;
  readonly looks: readonly {
    readonly from: Standpoint;
    readonly targets: readonly { readonly address: string; readonly what: string; readonly named: string }[];
    readonly leftOut: readonly string[];
    /** Made for the look from inside, and deleted after it. */
    readonly pod?: JsonObject;
  }[];
}

export interface ProbeResult {
  readonly address: string;
  /** Id of a known door, or `service`. */
  readonly door: string;
  readonly title: string;
  readonly state: DoorState;
  readonly evidence: string;
  readonly named: string;
  readonly service?: { readonly namespace: string; readonly name: string };
  readonly what?: string;
  readonly severity?: Severity;
  readonly program?: string;
}

export interface ProbeReport {
  readonly schema: 'nowwhat.dev/probe/v1';
  readonly context: string;
  readonly date: string;
  readonly looks: readonly {
    readonly from: Standpoint;
    readonly results: readonly ProbeResult[];
    readonly leftOut: readonly string[];
  }[];
}

interface Look extends TargetList {
  readonly from: Standpoint;
  readonly pod?: JsonObject;
}

export interface PreparedProbe {
  readonly plan: ProbePlan;
  /** The cluster as it was read for the plan. */
  readonly snapshot: Snapshot;
  /** Asks what the plan says. `remember` hears how to tidy up where the program is ended in the middle. */
  readonly run: (remember: Remember) => Promise<ProbeReport>;
}

function addressOf({ host, port }: Target): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function serverOf(server: string): { host: string; port: number } {
  const { hostname, port, protocol } = new URL(server);
  const usual = protocol === 'https:' ? 443 : 80;
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? usual : Number(port) };
}

function toResult({ target, ...judgement }: Looked): ProbeResult {
  const { door, named, service } = target;
  const title = door?.title ?? judgement.program ?? named;
  return {
    address: addressOf(target),
    door: door?.id ?? 'service',
    title,
    named,
    ...(service === undefined ? {} : { service }),
    ...judgement,
  };
}

function planLooks(wish: ProbeWish, snapshot: Snapshot, server: string, podNamespace: string): Look[] {
  const { namespaces } = snapshot.facts.cluster ?? { namespaces: [] };
  return wish.standpoints.map((from) => ({
    from,
    ...findTargets({ standpoint: from, server: serverOf(server), objects: snapshot.objects, namespaces }),
    ...(from === 'inside' ? { pod: probePodManifest(podNamespace, wish.image) } : {}),
  }));
}

function toPlan(context: string, looks: readonly Look[]): ProbePlan {
  return {
    schema: 'nowwhat.dev/probe-plan/v1',
    context,
    looks: looks.map(({ from, targets, leftOut, pod }) => ({
      from,
      targets: targets.map((target) => ({
        address: addressOf(target),
        what: target.door?.title ?? 'a program that asks for no login',
        named: target.named,
      })),
      leftOut,
      ...(pod === undefined ? {} : { pod }),
    })),
  };
}

class Probing {
  private readonly client: ApiClient;
  private readonly outside: Outside;
  private readonly concurrency: number;
  private readonly stop = new AbortController();
  private readonly remember: Remember;

  constructor(client: ApiClient, wish: ProbeWish, outside: Outside, remember: Remember) {
    this.client = client;
    this.outside = outside;
    this.concurrency = wish.cluster.concurrency;
    this.remember = remember;
  }

  private async knock(look: Look, dial: Parameters<typeof knockAtAll>[1]['dial']): Promise<Looked[]> {
    const { concurrency, stop, outside } = this;
    const { signal } = stop;
    return await knockAtAll(look.targets, { dial, concurrency, signal, progress: outside.progress });
  }

  async look(look: Look): Promise<ProbeReport['looks'][number]> {
    const { from, leftOut, pod: manifest } = look;
    if (manifest === undefined) return { from, leftOut, results: (await this.knock(look, dialFromHere)).map(toResult) };
    this.outside.progress("starting the probe's pod");
    const { client, stop } = makeStoppable(this.client);
    const { name, namespace = '' } = objectNameOf(manifest);
    this.remember({
      remove: async () => {
        this.stop.abort();
        await stop();
        await removeProbePod(this.client, { namespace, name });
      },
      byHand: () => [kubectlCommand(['delete', 'pod', name, '-n', namespace], this.client.connection)],
    });
    const pod = await startProbePod(client, manifest);
    try {
      return { from, leftOut, results: (await this.knock(look, dialFromPod(client, pod))).map(toResult) };
    } finally {
      await pod.remove();
    }
  }
}

/** Reads which addresses there are, and makes the plan. Nothing is asked and nothing is made before `run`. */
export async function prepareProbe(wish: ProbeWish, outside: Outside): Promise<PreparedProbe> {
  const connection = await connectCluster(wish.cluster, outside);
  const { snapshot } = await readClusterSnapshot(wish.cluster, undefined, outside);
  const context = snapshot.facts.cluster?.context ?? '';
  const podNamespace = wish.cluster.namespaces[0] ?? connection.namespace;
  const looks = planLooks(wish, snapshot, connection.server, podNamespace);
  const run: PreparedProbe['run'] = async (remember) => {
    const client = createClient(connection, { concurrency: wish.cluster.concurrency });
    const probing = new Probing(client, wish, outside, remember);
    try {
      const seen: ProbeReport['looks'][number][] = [];
      for (const look of looks) seen.push(await probing.look(look));
      return { schema: 'nowwhat.dev/probe/v1', context, date: outside.today, looks: seen };
    } finally {
      await client.close();
    }
  };
  return { plan: toPlan(context, looks), snapshot, run };
}
