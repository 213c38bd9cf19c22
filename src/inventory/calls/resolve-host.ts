// What a host name means to a pod: a Service of the cluster, a pod behind a headless one, the API server, or the world outside.

import { asObject, asString, type KubeObject } from '../../model/index.ts';
import type { Inventory } from '../inventory.ts';

export type Resolved =
  | { readonly kind: 'service'; readonly service: KubeObject }
  /** The name can only be a Service's, and no such Service is in the input. */
  | { readonly kind: 'missing'; readonly namespace: string; readonly name: string }
  | { readonly kind: 'api-server' }
  | { readonly kind: 'outside'; readonly host: string };

const clusterDomain = '.cluster.local';

function findService(inventory: Inventory, namespace: string, name: string): KubeObject | undefined {
  return inventory.find({ group: '', kind: 'Service', namespace, name });
}

/** Namespace and name of the Service for labels that end in `svc`: `[pod.]service.namespace.svc`. */
function ofSvcName(labels: readonly string[]): { namespace: string; name: string } | undefined {
  const [name, namespace] = labels.slice(-3, -1);
  return labels.at(-1) !== 'svc' || name === undefined || namespace === undefined ? undefined : { namespace, name };
}

/**
 * Names in the order in which a pod's resolver tries them: its own namespace first, then other namespaces, then as they are.
 * Source: Kubernetes docs, DNS for Services and Pods.
 */
function candidates(host: string, namespace: string): { namespace: string; name: string }[] {
  // An IPv6 address has no labels.
  if (host.includes(':')) return [];
  const labels = host.split('.');
  const [first = '', second = ''] = labels;
  if (labels.length === 1) return [{ namespace, name: first }];
  if (labels.length > 3) return [];
  return [
    // `pod.service` and `pod.service.namespace` of a headless Service.
    ...(labels.length === 2 ? [{ namespace, name: second }] : []),
    ...(labels.length === 2 ? [{ namespace: second, name: first }] : []),
    ...(labels.length === 3 ? [{ namespace: labels[2] ?? '', name: second }] : []),
  ];
}

function resolveFound(inventory: Inventory, service: KubeObject, depth: number): Resolved {
  const { type, externalName } = asObject(service.raw['spec']);
  const alias = asString(externalName);
  if (type !== 'ExternalName' || alias === undefined) return { kind: 'service', service };
  return depth > 4 ? { kind: 'outside', host: alias } : resolve(inventory, { host: alias, namespace: '' }, depth + 1);
}

function resolve(inventory: Inventory, { host, namespace }: Host, depth: number): Resolved {
  const name = host.toLowerCase().replace(/\.$/, '');
  const short = name.endsWith(clusterDomain) ? name.slice(0, -clusterDomain.length) : name;
  const svc = ofSvcName(short.split('.'));
  const tried = svc === undefined ? candidates(short, namespace) : [svc];
  for (const each of tried) {
    if (each.namespace === 'default' && each.name === 'kubernetes') return { kind: 'api-server' };
    const service = findService(inventory, each.namespace, each.name);
    if (service !== undefined) return resolveFound(inventory, service, depth);
  }
  const [only] = tried;
  if (svc !== undefined) return { kind: 'missing', ...svc };
  return name.includes('.') || only === undefined ? { kind: 'outside', host: name } : { kind: 'missing', ...only };
}

interface Host {
  readonly host: string;
  /** Of the pod that asks. */
  readonly namespace: string;
}

/** What was resolved before, by namespace and host: an app names few hosts, and many times. */
class Resolver {
  private readonly inventory: Inventory;
  private readonly known = new Map<string, Map<string, Resolved>>();

  constructor(inventory: Inventory) {
    this.inventory = inventory;
  }

  resolve({ host, namespace }: Host): Resolved {
    let hosts = this.known.get(namespace);
    if (hosts === undefined) this.known.set(namespace, (hosts = new Map<string, Resolved>()));
    const known = hosts.get(host);
    if (known !== undefined) return known;
    const found = resolve(this.inventory, { host, namespace }, 0);
    hosts.set(host, found);
    return found;
  }
}

const createResolver = (inventory: Inventory): Resolver => new Resolver(inventory);

/** The default domain `cluster.local` is taken for granted. */
export function resolveHost(inventory: Inventory, host: Host): Resolved {
  // What an answer rests on is noted each time, also where it is known already.
  inventory.unseen.note('/Service');
  return inventory.derive(createResolver).resolve(host);
}
