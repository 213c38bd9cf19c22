// The nodes: what they run, how far their kubelets are behind the server, and which addresses they have.

import { parseKubernetesVersion } from '../../kube/versions.ts';
import { asArray, asObject, asString, type KubeObject } from '../../model/index.ts';
import { readLabels } from '../workload.ts';
import { containerRuntimeEnd, findSystemSupport, kindOfSystem } from './operating-systems.ts';
import { evidenceOf } from './signatures.ts';
import type { ClusterView } from './view.ts';

/** How a program's version stands to the server's. */
export type Skew = 'within' | 'too-old' | 'newer' | 'unknown';

export interface NodeFacts {
  readonly name: string;
  /** Made by kwok or a virtual kubelet: no machine. */
  readonly virtual: boolean;
  readonly ready: boolean | 'unknown';
  readonly controlPlane: boolean;
  readonly osImage: string;
  readonly system: 'minimal' | 'general' | 'unknown';
  /** ISO date until which the maker patches the system; absent where nobody here knows. */
  readonly systemSupportedUntil?: string;
  readonly kernel: string;
  readonly runtime: string;
  /** ISO date until which the runtime's project patches it; a distribution may longer. */
  readonly runtimeSupportedUntil?: string;
  readonly architecture: string;
  readonly operatingSystem: string;
  readonly kubelet: string;
  readonly kubeletSkew: Skew;
  readonly externalAddresses: readonly string[];
  readonly internalAddresses: readonly string[];
}

/**
 * A kubelet or kube-proxy may be up to three minors older than the API server, and never newer. Up to 1.27 it was two.
 * Source: kubernetes.io/releases/version-skew-policy.
 */
export function judgeSkew(server: string, program: string): Skew {
  const [ours, theirs] = [parseKubernetesVersion(server), parseKubernetesVersion(program)];
  if (ours === undefined || theirs === undefined) return 'unknown';
  const behind = ours.minor - theirs.minor;
  if (behind < 0) return 'newer';
  return behind > (ours.minor >= 28 ? 3 : 2) ? 'too-old' : 'within';
}

const controlPlaneLabels = ['node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/master'];

/** By the node's own condition; unknown where nobody has heard of it for a while. */
export function isReady(status: Readonly<Record<string, unknown>>): boolean | 'unknown' {
  const condition = asArray(status['conditions'])
    .map(asObject)
    .find(({ type }) => type === 'Ready');
  if (condition?.['status'] === 'True') return true;
  return condition?.['status'] === 'False' ? false : 'unknown';
}

function addressesOf(status: Readonly<Record<string, unknown>>, type: string): string[] {
  return asArray(status['addresses'])
    .map(asObject)
    .flatMap((each) => (each['type'] === type ? (asString(each['address']) ?? []) : []));
}

/** A node of kwok or of a virtual kubelet: no machine, and nobody to ask there. */
export function isVirtualNode({ raw }: Pick<KubeObject, 'raw'>): boolean {
  const metadata = asObject(raw['metadata']);
  const labels = readLabels(metadata['labels']);
  const kubelet = readLabels(asObject(raw['status'])['nodeInfo'])['kubeletVersion'] ?? '';
  return (
    readLabels(metadata['annotations'])['kwok.x-k8s.io/node'] !== undefined ||
    labels['type'] === 'kwok' ||
    labels['type'] === 'virtual-kubelet' ||
    labels['kubernetes.azure.com/virtual-kubelet'] !== undefined ||
    /^(?:fake$|kwok)/.test(kubelet)
  );
}

function optional<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, V>);
}

function toNode({ name, raw }: KubeObject, server: string): NodeFacts {
  const metadata = asObject(raw['metadata']);
  const labels = readLabels(metadata['labels']);
  const status = asObject(raw['status']);
  const info = readLabels(status['nodeInfo']);
  const { osImage = '', containerRuntimeVersion = '', kubeletVersion = '' } = info;
  return {
    name,
    virtual: isVirtualNode({ raw }),
    ready: isReady(status),
    controlPlane: controlPlaneLabels.some((label) => labels[label] !== undefined),
    osImage,
    system: kindOfSystem(osImage),
    ...optional('systemSupportedUntil', findSystemSupport(osImage)?.until),
    kernel: info['kernelVersion'] ?? '',
    runtime: containerRuntimeVersion,
    ...optional('runtimeSupportedUntil', containerRuntimeEnd(containerRuntimeVersion)),
    architecture: info['architecture'] ?? '',
    operatingSystem: info['operatingSystem'] ?? '',
    kubelet: kubeletVersion,
    kubeletSkew: judgeSkew(server, kubeletVersion),
    externalAddresses: addressesOf(status, 'ExternalIP'),
    internalAddresses: addressesOf(status, 'InternalIP'),
  };
}

/** What a node tells as its kube-proxy's version is its kubelet's: the image that runs is asked instead. */
export interface KubeProxyFacts {
  readonly version: string;
  readonly skew: Skew;
  readonly evidence: string;
}

export interface NodesFacts {
  /** False where the nodes may not be listed. */
  readonly seen: boolean;
  readonly nodes: readonly NodeFacts[];
  readonly kubeProxies: readonly KubeProxyFacts[];
}

function findKubeProxies({ programs, serverVersion }: ClusterView): KubeProxyFacts[] {
  const running = programs.filter(({ repository }) => /(?:^|\/)kube-proxy(?:-\w+)?$/.test(repository));
  const byVersion = new Map(running.map((program) => [program.tag ?? '', program]));
  return [...byVersion].map(([version, program]) => ({
    version,
    skew: judgeSkew(serverVersion, version),
    evidence: evidenceOf(program),
  }));
}

export function findNodes(view: ClusterView): NodesFacts {
  const nodes = view.objects('/Node').map((node) => toNode(node, view.serverVersion));
  return { seen: view.saw('/Node'), nodes, kubeProxies: findKubeProxies(view) };
}
