// All that the policies must let through, from every kind of evidence.

import { type Workload } from '../../inventory/index.ts';
import { pushTo } from '../../model/index.ts';
import { objectParty, type PodFact } from '../../traffic/index.ts';
import { takeApiClients, takeWebhooks } from './api-server.ts';
import { takeCloudIdentities } from './cloud-identities.ts';
import { takeMeshGateways, takeSidecars } from './mesh.ts';
import { Ledger } from './need.ts';
import { takePeersOfSets } from './peers-of-sets.ts';
import type { Platform } from './platform.ts';
import { takeScrapes } from './scrapes.ts';
import { type Evidence, subjectsOf, usesHostNetwork } from './subject.ts';
import { takeTraffic } from './traffic-needs.ts';
import { takeUnlabelled } from './unlabelled.ts';
import { takeUnreadAddresses } from './unread-addresses.ts';
import { takeBackends, takeOpenServices } from './ways-in.ts';

function idOf({ object }: Workload): string {
  return objectParty('workload', object).id;
}

function podsByOwner(pods: readonly PodFact[]): Map<string, PodFact[]> {
  const byOwner = new Map<string, PodFact[]>();
  for (const pod of pods) pushTo(byOwner, pod.owner.id, pod);
  return byOwner;
}

export interface Gathered {
  readonly ledger: Ledger;
  /** Workloads whose pods policies hold. */
  readonly held: readonly Workload[];
  /** In the network of their node, where no policy holds them. */
  readonly notHeld: readonly Workload[];
}

export function gatherNeeds({ inventory, report, pods, services = [] }: Evidence, platform: Platform): Gathered {
  const ledger = new Ledger();
  const subjects = subjectsOf(inventory);
  const held = subjects.filter((workload) => !usesHostNetwork(workload));
  const workloads = new Map(inventory.workloads.map((workload) => [idOf(workload), workload]));
  const strange = new Map(services.map((service) => [`${service.namespace}/${service.name}`, service]));
  const directory = { inventory, platform, workloads, podsByOwner: podsByOwner(pods), services: strange };
  const heldOnes = new Set(held);
  const isSubject = (workload: Workload): boolean => heldOnes.has(workload);
  const ids = new Set(held.map(idOf));
  takeUnlabelled(ledger, inventory, held);
  takeTraffic(ledger, directory, report.edges, (id) => ids.has(id));
  takePeersOfSets(ledger, inventory, held);
  takeOpenServices(ledger, directory, isSubject);
  takeBackends(ledger, directory, isSubject);
  takeMeshGateways(ledger, directory, isSubject);
  takeSidecars(ledger, directory, held);
  takeScrapes(ledger, directory, isSubject);
  takeApiClients(ledger, directory, held);
  takeWebhooks(ledger, directory, isSubject);
  takeCloudIdentities(ledger, directory, held);
  if (report.window.sources.length === 0) takeUnreadAddresses(ledger, inventory, held);
  return { ledger, held, notHeld: subjects.filter(usesHostNetwork) };
}
