// Who can be at an end of a connection: the workloads of an input, each with the pods that stand for it.

import { controllerOf, type Inventory, toWorkloads, type Workload } from '../../inventory/index.ts';
import { asObject, type KubeObject, pushTo } from '../../model/index.ts';
import type { PodEnd } from '../ends.ts';
import { podEndOf } from '../workload-end.ts';

export interface WorkloadParty {
  /** `namespace/name[Kind]` of the owner of the pods. */
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  readonly kind: string;
  /** Pods that run, or the pod template where there are none. */
  readonly ends: readonly PodEnd[];
  /** Everything of the input that is part of it: what was written, and the pods made of it. */
  readonly objects: readonly KubeObject[];
}

type Owner = Pick<KubeObject, 'namespace' | 'name' | 'kind'>;

/** The topmost owner that is told; static pods, whose owner is their node, stand for themselves. */
function ownerOf(inventory: Inventory, object: KubeObject): Owner {
  let current: Owner = object;
  let above = controllerOf(asObject(object.raw['metadata']));
  while (above !== undefined && above.kind !== 'Node') {
    const found = inventory.find({ ...above, namespace: object.namespace });
    // An owner without a kind is what only a file can say: the pods are taken for its own.
    current = { namespace: object.namespace, name: above.name, kind: above.kind === '' ? 'Pod' : above.kind };
    above = found === undefined ? undefined : controllerOf(asObject(found.raw['metadata']));
  }
  return current;
}

function hasFinished({ raw }: KubeObject): boolean {
  const phase = asObject(raw['status'])['phase'];
  return phase === 'Succeeded' || phase === 'Failed';
}

interface Member {
  readonly owner: Owner;
  readonly workload: Workload;
}

export function partyId({ namespace, name, kind }: Owner): string {
  return `${namespace}/${name}[${kind}]`;
}

function membersOf(inventory: Inventory): Member[] {
  const pods = inventory.ofKind('/Pod').flatMap((object) => toWorkloads(object));
  const templates = inventory.workloads.filter(({ object }) => object.kind !== 'Pod' && object.kind !== 'PodTemplate');
  return [...templates, ...pods].map((workload) => ({ workload, owner: ownerOf(inventory, workload.object) }));
}

/** Pods that run say more than a template, and a template more than pods that have ended. */
function standIns(members: readonly Member[]): Workload[] {
  const workloads = members.map(({ workload }) => workload);
  const isPod = ({ templatePath }: Workload): boolean => templatePath.length === 0;
  const running = workloads.filter((each) => isPod(each) && !hasFinished(each.object));
  if (running.length > 0) return running;
  const templates = workloads.filter((each) => !isPod(each));
  return templates.length > 0 ? templates : workloads;
}

/** All workloads, sorted by id. */
export function partiesOf(inventory: Inventory): WorkloadParty[] {
  const groups = new Map<string, Member[]>();
  for (const member of membersOf(inventory)) pushTo(groups, partyId(member.owner), member);
  const parties = [...groups].flatMap(([id, members]): WorkloadParty[] => {
    const [first] = members;
    if (first === undefined) return [];
    const workloads = standIns(members);
    const { namespace, name, kind } = first.owner;
    const objects = members.map(({ workload }) => workload.object);
    return [{ id, namespace, name, kind, objects, ends: workloads.map((each) => podEndOf(inventory, each)) }];
  });
  return parties.sort((a, b) => (a.id < b.id ? -1 : 1));
}
