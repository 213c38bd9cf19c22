// Finds calls that settings declare and policies do not let through.

import {
  type Arrival,
  arrivalsOf,
  callsOf,
  type DeclaredCall,
  type Inventory,
  type Workload,
} from '../../inventory/index.ts';
import { type Judgement, judgeConnection, isPermitted, podEndOf, policiesOf } from '../../reachability/index.ts';
import { type Diagnostic, type KubeObject, type Path, pushTo, toJsonPointer } from '../../model/index.ts';
import { workloadCheck } from '../check.ts';

interface Judged {
  readonly permitted: boolean | undefined;
  readonly judgement: Judgement;
}

function judge(inventory: Inventory, from: Workload, { workload, port, protocol }: Arrival): Judged[] {
  if (port === undefined) return [];
  const ends = { from: podEndOf(inventory, from), to: podEndOf(inventory, workload) };
  const judgement = judgeConnection({ ...ends, protocol, port }, inventory.derive(policiesOf));
  return [{ judgement, permitted: isPermitted(judgement) }];
}

/** The side that decides: the first that is denied, else the first that is not known. */
function reasonOf({ egress, ingress }: Judgement): string {
  const sides = [egress, ingress];
  const side = sides.find((each) => each?.verdict === 'denied') ?? sides.find((each) => each?.verdict === 'unknown');
  return side?.why ?? '';
}

function placeOf({ sources }: DeclaredCall, workload: Workload): { path: Path; declared: string } {
  const own = sources.find(({ object }) => object === workload.object);
  const [first] = sources;
  const path = own?.path ?? [...workload.templatePath, 'metadata', 'labels'];
  return { path, declared: own?.what ?? (first === undefined ? '' : `${first.what}, ${toJsonPointer(first.path)}`) };
}

function judgeTarget(
  inventory: Inventory,
  call: DeclaredCall,
  service: KubeObject,
  arrivals: readonly Arrival[],
): Diagnostic[] {
  const judged = arrivals.flatMap((arrival) => judge(inventory, call.from, arrival));
  const [first] = judged;
  // Without a port the app may mean any of them: one that is open is enough.
  if (first === undefined || judged.some(({ permitted }) => permitted === true)) return [];
  const open = judged.find(({ permitted }) => permitted === undefined);
  const { path, declared } = placeOf(call, call.from);
  const name = `"${call.from.object.name}"`;
  const callee = `Service "${service.name}"${call.port === undefined ? '' : ` on port ${call.port}`}`;
  const target = arrivals[0]?.workload.object;
  const behind = target === undefined ? '' : ` (${target.kind} "${target.name}")`;
  if (open !== undefined)
    return [
      {
        verdict: 'unknown',
        message: `whether policies let ${name} call ${callee}${behind} is not known: ${reasonOf(open.judgement)}`,
        path,
        evidence: `declared by ${declared}; would be settled by the objects of the target cluster`,
      },
    ];
  return [
    {
      message: `${name} is told to call ${callee}${behind} and may not: ${reasonOf(first.judgement)}`,
      path,
      evidence: `declared by ${declared}`,
    },
  ];
}

function judgeCall(inventory: Inventory, call: DeclaredCall): Diagnostic[] {
  if (call.to.kind !== 'service') return [];
  const { service } = call.to;
  const byWorkload = new Map<Workload, Arrival[]>();
  for (const arrival of arrivalsOf(inventory, service, call.port)) pushTo(byWorkload, arrival.workload, arrival);
  return [...byWorkload.values()].flatMap((arrivals) => judgeTarget(inventory, call, service, arrivals));
}

export const declaredCallBlocked = workloadCheck(
  {
    id: 'declared-call-blocked',
    family: 'network',
    title: 'Policies let every declared call through',
    leg: 'security',
    level: 1,
    owner: 'developer',
    severity: 'high',
    references: [{ framework: 'Kubernetes', id: 'NetworkPolicy' }],
    remediation: 'Allow the call in the egress rules of the caller and in the ingress rules of the pods it calls.',
    minutes: 10,
  },
  {
    applies: ({ object }, { inventory }) =>
      object.kind !== 'PodTemplate' && inventory.ofKind('networking.k8s.io/NetworkPolicy').length > 0,
    find: (workload, { inventory }) => callsOf(inventory, workload).flatMap((call) => judgeCall(inventory, call)),
  },
);
