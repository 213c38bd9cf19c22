// What is known of a pod that was there: its addresses, its owner, and when it had them.

import { type Controller, controllerOf, type Inventory, type Labels, readLabels } from '../../inventory/index.ts';
import { formatIpAddress, parseIpAddress } from '../../kube/cidr.ts';
import {
  asArray,
  asNumber,
  asObject,
  asString,
  type Json,
  type JsonObject,
  type KubeObject,
} from '../../model/index.ts';
import { objectParty, type Party } from './party.ts';

export interface PodFact {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly owner: Party;
  readonly labels: Labels;
  readonly addresses: readonly string[];
  readonly node: string;
  /** Addresses of that node. */
  readonly hosts: readonly string[];
  readonly isHostNetwork: boolean;
  /** Ports that the containers declare. */
  readonly ports: readonly number[];
  /** Milliseconds since 1970; the address belonged to somebody else before. */
  readonly from: number;
  /** Milliseconds since 1970 from which the address may belong to somebody else. */
  readonly until: number;
}

/** A ReplicaSet that may not be seen carries the name of its Deployment and a hash that the pod knows. */
function beyond({ kind, name, group }: Controller, labels: JsonObject): Controller {
  const hash = asString(labels['pod-template-hash']);
  if (kind !== 'ReplicaSet' || hash === undefined || !name.endsWith(`-${hash}`)) return { kind, name, group };
  return { group: 'apps', kind: 'Deployment', name: name.slice(0, -hash.length - 1) };
}

/** The object that somebody wrote and that the pod comes from, as far up as owners are told. */
export function ownerOf(inventory: Inventory, namespace: string, raw: JsonObject): Party {
  const metadata = asObject(raw['metadata']);
  const labels = asObject(metadata['labels']);
  let current: Pick<KubeObject, 'kind' | 'namespace' | 'name'> = {
    kind: 'Pod',
    namespace,
    name: asString(metadata['name']) ?? '',
  };
  let owner = controllerOf(metadata);
  while (owner !== undefined && owner.kind !== 'Node') {
    const object = inventory.find({ ...owner, namespace });
    const above = object === undefined ? undefined : controllerOf(asObject(object.raw['metadata']));
    const known = object === undefined || (owner.kind === 'ReplicaSet' && above === undefined);
    const named = known ? beyond(owner, labels) : owner;
    current = { kind: named.kind, namespace, name: named.name };
    owner = above;
  }
  return objectParty('workload', current);
}

/** When the last container of a pod ended that will not run again. */
function endOf(raw: JsonObject): number {
  const status = asObject(raw['status']);
  if (status['phase'] !== 'Succeeded' && status['phase'] !== 'Failed') return Number.POSITIVE_INFINITY;
  const ends = asArray(status['containerStatuses']).map((each) =>
    Date.parse(asString(asObject(asObject(asObject(each)['state'])['terminated'])['finishedAt']) ?? ''),
  );
  const last = Math.max(...ends.filter((end) => !Number.isNaN(end)));
  return Number.isFinite(last) ? last : Number.POSITIVE_INFINITY;
}

/** Of a list such as `podIPs`: `{ip: …}` each. */
function addressesIn(list: Json | undefined): string[] {
  return asArray(list).flatMap((each) => {
    const parsed = parseIpAddress(asString(asObject(each)['ip']) ?? '');
    return parsed === undefined ? [] : [formatIpAddress(parsed)];
  });
}

export function toPodFact(inventory: Inventory, raw: JsonObject): PodFact {
  const metadata = asObject(raw['metadata']);
  const [spec, status] = [asObject(raw['spec']), asObject(raw['status'])];
  const namespace = asString(metadata['namespace']) ?? '';
  const containers = [...asArray(spec['containers']), ...asArray(spec['initContainers'])].map(asObject);
  const started = Date.parse(asString(status['startTime']) ?? '');
  return {
    uid: asString(metadata['uid']) ?? `${namespace}/${asString(metadata['name']) ?? ''}`,
    namespace,
    name: asString(metadata['name']) ?? '',
    owner: ownerOf(inventory, namespace, raw),
    labels: readLabels(metadata['labels']),
    addresses: addressesIn(status['podIPs']),
    hosts: addressesIn(status['hostIPs'] ?? [{ ip: status['hostIP'] ?? '' }]),
    node: asString(spec['nodeName']) ?? '',
    isHostNetwork: spec['hostNetwork'] === true,
    ports: containers.flatMap(({ ports }) =>
      asArray(ports).flatMap((port) => asNumber(asObject(port)['containerPort']) ?? []),
    ),
    from: Number.isNaN(started) ? Number.NEGATIVE_INFINITY : started,
    until: endOf(raw),
  };
}
