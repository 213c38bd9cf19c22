// Which pods can be looked into, through which of their containers, and which not and why.

import { asArray, asNumber, asObject, asString, type JsonObject } from '../../model/index.ts';
import type { PodNote } from '../report.ts';

/** One container is enough: all containers of a pod have one network. */
export interface SamplingTarget {
  readonly uid: string;
  readonly namespace: string;
  readonly pod: string;
  readonly node: string;
  /** Running containers, in the order in which they are tried. */
  readonly containers: readonly string[];
  /** Ports that the containers declare. */
  readonly ports: readonly number[];
}

export interface SamplingPlan {
  readonly targets: readonly SamplingTarget[];
  readonly notSampled: readonly PodNote[];
}

/** Names of the containers that run now. */
function runningContainers(status: JsonObject): string[] {
  return [...asArray(status['containerStatuses']), ...asArray(status['initContainerStatuses'])].flatMap((each) => {
    const { name, state } = asObject(each);
    return asObject(state)['running'] === undefined ? [] : (asString(name) ?? []);
  });
}

function obstacleOf(raw: JsonObject, running: readonly string[]): string | undefined {
  const spec = asObject(raw['spec']);
  const phase = asString(asObject(raw['status'])['phase']) ?? 'Unknown';
  if (phase === 'Succeeded' || phase === 'Failed') return 'has ended';
  if (asObject(spec['os'])['name'] === 'windows') return 'runs on Windows, which has no /proc';
  if (spec['hostNetwork'] === true)
    return 'shares the network of its node: its connections cannot be told from those of the node';
  return running.length === 0 ? `has no running container (${phase})` : undefined;
}

/** `pods` as the API lists them. */
export function planSampling(pods: readonly JsonObject[]): SamplingPlan {
  const targets: SamplingTarget[] = [];
  const notSampled: PodNote[] = [];
  for (const raw of pods) {
    const [metadata, spec] = [asObject(raw['metadata']), asObject(raw['spec'])];
    const namespace = asString(metadata['namespace']) ?? '';
    const pod = asString(metadata['name']) ?? '';
    const containers = runningContainers(asObject(raw['status']));
    const obstacle = obstacleOf(raw, containers);
    if (obstacle !== undefined) {
      notSampled.push({ namespace, pod, reason: obstacle });
      continue;
    }
    const ports = asArray(spec['containers']).flatMap((each) =>
      asArray(asObject(each)['ports']).flatMap((port) => asNumber(asObject(port)['containerPort']) ?? []),
    );
    const uid = asString(metadata['uid']) ?? `${namespace}/${pod}`;
    targets.push({ uid, namespace, pod, node: asString(spec['nodeName']) ?? '', containers, ports });
  }
  return { targets, notSampled };
}
