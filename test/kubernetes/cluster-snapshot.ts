// Snapshots of clusters in memory, from a few lines of YAML: for tests of what only a cluster tells.

import { joinSides } from '../../src/compare/index.ts';
import { snapshotOf } from '../../src/inventory/snapshot-builder.ts';
import type { ClusterFacts, Snapshot } from '../../src/model/index.ts';

/** As if the text were all that a cluster holds. */
export function clusterOf(text: string, facts: Partial<ClusterFacts> = {}): Snapshot {
  const snapshot = snapshotOf(text);
  const cluster = { context: 'test', serverVersion: 'v1.34.2', namespaces: [], notListed: [], ...facts };
  return { ...snapshot, facts: { ...snapshot.facts, cluster } };
}

/** Files, and after the line `# In the cluster` what a cluster holds, read together. */
export function joinedOf(text: string, facts: Partial<ClusterFacts> = {}): Snapshot {
  const [files = '', live = ''] = text.split(/^# In the cluster\n/m);
  const running = clusterOf(live, facts);
  const origin = { kind: 'cluster', unit: 'test' } as const;
  const objects = running.objects.map((each) => ({ ...each, source: { ...each.source, origin } }));
  return joinSides(snapshotOf(files), { ...running, objects });
}

export interface NodeWords {
  readonly name?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly providerId?: string;
  readonly kubelet?: string;
  readonly osImage?: string;
  readonly addresses?: readonly { readonly type: string; readonly address: string }[];
}

/** A node as YAML; JSON is YAML. */
export function node({ name = 'n1', kubelet = 'v1.34.2', ...words }: NodeWords = {}): string {
  const {
    labels = {},
    annotations = {},
    providerId,
    osImage = 'Debian GNU/Linux 12 (bookworm)',
    addresses = [],
  } = words;
  const nodeInfo = {
    osImage,
    kernelVersion: '6.1.0',
    containerRuntimeVersion: 'containerd://2.2.0',
    kubeletVersion: kubelet,
    architecture: 'amd64',
    operatingSystem: 'linux',
  };
  return document({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels, annotations },
    spec: providerId === undefined ? {} : { providerID: providerId },
    status: { nodeInfo, addresses, conditions: [{ type: 'Ready', status: 'True' }] },
  });
}

export interface ProgramWords {
  readonly kind?: 'DaemonSet' | 'Deployment';
  readonly namespace?: string;
  readonly name?: string;
  readonly args?: readonly string[];
}

/** A program of the cluster: a DaemonSet in `kube-system` unless said otherwise. One container for each image. */
export function program(images: string | readonly string[], words: ProgramWords = {}): string {
  const { kind = 'DaemonSet', namespace = 'kube-system', name = 'program', args = [] } = words;
  const all = typeof images === 'string' ? [images] : images;
  const containers = all.map((image, index) => ({ name: `c${index}`, image, args }));
  return document({
    apiVersion: 'apps/v1',
    kind,
    metadata: { name, namespace },
    spec: {
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers } },
    },
  });
}

export function document(object: object): string {
  return `---\n${JSON.stringify(object)}\n`;
}
