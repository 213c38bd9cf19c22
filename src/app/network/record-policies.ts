// Proofs about network policies: that those of a file keep what is needed, and what a rehearsal of them has shown.

import type { ProofInput } from '../../model/index.ts';
import type { TrafficOutside } from '../traffic/traffic.ts';
import { believedUntil, type Found, type ProofMaking, recordFound } from '../records/record-made.ts';
import type { StoredProof } from '../records/proofs.ts';
import type { NetworkPoliciesAnswer, NetworkPoliciesWish } from './network-policies.ts';
import { isShown, type RehearsalReport } from './rehearsal/report.ts';

/** The files and the cluster that policies come from. */
function evidenceOf(
  { traffic: { reading, flows } }: NetworkPoliciesWish,
  { inventory: { snapshot } }: NetworkPoliciesAnswer,
): Required<Pick<Found, 'paths' | 'beside' | 'clusters'>> {
  const paths = reading.inputs.filter((path) => path !== '-');
  return { paths, beside: flows, clusters: snapshot.facts.cluster === undefined ? [] : [snapshot] };
}

/** Of policies that were written to a file: others are gone when the command ends. Nothing where no proofs are kept. */
export async function recordWrittenPolicies(
  file: string,
  wish: NetworkPoliciesWish,
  answer: NetworkPoliciesAnswer,
  { making, ...outside }: TrafficOutside & { readonly making: ProofMaking },
): Promise<StoredProof | undefined> {
  const { proof, policies } = answer.inferred;
  const { paths, beside, clusters } = evidenceOf(wish, answer);
  const isLive = clusters.length > 0;
  return await recordFound(
    {
      kind: 'network-policies',
      claim: `The network policies in ${file} keep every declared and observed connection of ${answer.report.source}`,
      result: proof.cut.length === 0 ? 'holds' : 'fails',
      figures: {
        policies: policies.length,
        connections: proof.connections,
        kept: proof.kept,
        'let through beyond that': proof.surplus.length,
        'declared and never seen': proof.neverSeen.length,
        'seen and not declared': proof.notDeclared.length,
      },
      ...(isLive ? { until: believedUntil(outside.today) } : {}),
      paths: [...paths, file],
      beside,
      clusters,
    },
    making,
    outside,
  );
}

/** That the network holds pods to policies, where one was seen doing it. */
const enforcing = { check: 'cni-enforces-policies', verdict: 'pass' } as const;

function right({ asked }: RehearsalReport, kind: string): number {
  return asked.filter((each) => each.kind === kind && each.after === each.expected).length;
}

function figuresOf(report: RehearsalReport): Found['figures'] {
  const all = (wanted: string): number => report.asked.filter(({ kind }) => kind === wanted).length;
  return {
    'connections to keep': all('kept'),
    'got through': right(report, 'kept'),
    'connections that nobody needs': all('forbidden'),
    refused: right(report, 'forbidden'),
    'questions to the name server': all('dns'),
    answered: right(report, 'dns'),
    'not tried': report.notProbed.length,
  };
}

/** The cluster that it was rehearsed on counts also where the app was read from elsewhere. */
function stageOf({ context, kubernetes: version }: RehearsalReport, clusters: Found['clusters']): ProofInput[] {
  const isRead = clusters.some(({ facts }) => facts.cluster?.context === context);
  return isRead ? [] : [{ kind: 'cluster', context, version }];
}

/** Nothing where no proofs are kept. */
export async function recordNetworkRehearsal(
  report: RehearsalReport,
  wish: NetworkPoliciesWish,
  answer: NetworkPoliciesAnswer,
  { making, ...outside }: TrafficOutside & { readonly making: ProofMaking },
): Promise<StoredProof | undefined> {
  const { control, counts, mode, source, context, trouble } = report;
  const evidence = evidenceOf(wish, answer);
  const keeps = right(report, 'kept') > 0;
  const place = mode === 'live' ? `in ${context}, where it runs` : `on the network of ${context}`;
  const closed = mode === 'live' ? 'with the policies' : 'with everything closed';
  return await recordFound(
    {
      kind: 'network-rehearsal',
      claim: `With its network policies ${source} keeps its calls ${place}, and others are refused`,
      result: isShown(report) && keeps ? 'holds' : 'fails',
      figures: trouble === undefined ? figuresOf(report) : { 'ended early': trouble },
      negativeControl: {
        what: `${control.from} → ${control.to}, ${control.port}, which was open, ${closed}`,
        failed: counts,
      },
      settles: [enforcing],
      until: believedUntil(outside.today),
      ...evidence,
      inputs: stageOf(report, evidence.clusters),
    },
    making,
    outside,
  );
}
