// The facts of a cluster: what it is made of, as far as what was read tells. Each family is known, not there, or not known.

import type { Inventory } from '../inventory.ts';
import { type AdmissionFacts, findAdmission } from './admission.ts';
import { type BackupFacts, findBackups } from './backups.ts';
import { type ControlPlaneFacts, findControlPlane } from './control-plane.ts';
import { type EntranceFacts, findEntrances } from './entrances.ts';
import { findKubelets, type KubeletsFacts } from './kubelets.ts';
import { findMesh, type MeshFacts } from './mesh.ts';
import { findMonitoring, type MonitoringFacts } from './monitoring.ts';
import { findNetwork, type NetworkFacts } from './network.ts';
import { findNodes, type NodesFacts } from './nodes.ts';
import { findProvider, type ProviderFacts } from './provider.ts';
import { type Family, findPrograms, programsOf, type Signature } from './signatures.ts';
import { findStorage, type StorageFacts } from './storage.ts';
import { findVersion, type VersionFacts } from './version.ts';
import { type ClusterView, type Program, viewOf } from './view.ts';

export interface ClusterPicture {
  readonly version: VersionFacts;
  readonly provider: ProviderFacts;
  readonly nodes: NodesFacts;
  readonly network: NetworkFacts;
  readonly entrances: EntranceFacts;
  readonly mesh: MeshFacts;
  readonly certificates: Family;
  readonly dns: Family;
  readonly monitoring: MonitoringFacts;
  readonly backups: BackupFacts;
  readonly admission: AdmissionFacts;
  readonly storage: StorageFacts;
  readonly controlPlane: ControlPlaneFacts;
  readonly kubelets: KubeletsFacts;
  readonly unread: ClusterView['unread'];
}

const certificateManagers = [{ name: 'cert-manager', image: /(?:^|\/)cert-manager-controller$/ }];
const nameServers: readonly Signature[] = [
  { name: 'CoreDNS', image: /(?:^|\/)(?:mirrored-coredns-)?coredns$/ },
  { name: 'kube-dns', image: /(?:^|\/)k8s-dns-kube-dns$/ },
];

const nodeCaches: readonly Signature[] = [{ name: 'NodeLocal DNSCache', image: /(?:^|\/)k8s-dns-node-cache$/ }];

export interface DnsPrograms {
  readonly servers: readonly Program[];
  /** Caches that answer on each node, at an address that is no pod's. */
  readonly caches: readonly Program[];
}

/** The programs that answer for names, with the objects that run them. */
export function dnsPrograms(view: ClusterView): DnsPrograms {
  return { servers: programsOf(view, nameServers), caches: programsOf(view, nodeCaches) };
}

/** `today` is an ISO date. Never throws: what is odd or missing is unknown. */
export function pictureCluster(inventory: Inventory, today: string): ClusterPicture {
  const view = viewOf(inventory);
  return {
    version: findVersion(view, today),
    provider: findProvider(view),
    nodes: findNodes(view),
    network: findNetwork(view),
    entrances: findEntrances(view),
    mesh: findMesh(view),
    certificates: findPrograms(view, certificateManagers),
    dns: findPrograms(view, nameServers),
    monitoring: findMonitoring(view),
    backups: findBackups(view),
    admission: findAdmission(view),
    storage: findStorage(view),
    controlPlane: findControlPlane(view),
    kubelets: findKubelets(view),
    unread: view.unread,
  };
}
