// `network audit`: what policies that are not applied yet would cut of what happens in a cluster now. Nothing is changed.

import { type Answers, type Audit, auditPolicies } from '../../inference/index.ts';
import { UserError } from '../../model/index.ts';
import type { TrafficReport } from '../../traffic/index.ts';
import { readApp, type ReadWish } from '../read-app.ts';
import { gatherTraffic, type TrafficOutside, type TrafficWish } from '../traffic/traffic.ts';
import { readApiEndpoints } from './api-endpoints.ts';

export interface AuditWish {
  /** Where the policies are read from. */
  readonly policies: ReadWish;
  readonly traffic: TrafficWish;
  readonly answers: Answers;
}

export interface NetworkAudit extends Audit {
  readonly schema: 'nowwhat.dev/network-audit/v1';
  readonly source: string;
  readonly policies: number;
  readonly observation: TrafficReport['window'];
}

export interface AuditAnswer {
  readonly audit: NetworkAudit;
  readonly report: TrafficReport;
  readonly notices: readonly string[];
}

/** Throws `UserError` where there is no policy to audit, or the cluster or a file cannot be read. */
export async function auditNetwork(
  { policies, traffic, answers }: AuditWish,
  outside: TrafficOutside,
): Promise<AuditAnswer> {
  const { snapshot } = await readApp(policies, outside);
  const candidates = snapshot.objects.filter(
    ({ group, kind }) => group === 'networking.k8s.io' && kind === 'NetworkPolicy',
  );
  if (candidates.length === 0)
    throw new UserError(
      'no-policies',
      `no NetworkPolicy stands in ${policies.inputs.join(' ')}`,
      'Write some with: network policies PATH --output-file policies.yaml.',
    );
  const { report, inventory, pods, services, notices } = await gatherTraffic(traffic, outside);
  const { cluster } = traffic.reading;
  const api = cluster === undefined ? undefined : await readApiEndpoints(cluster, outside);
  const evidence = {
    inventory,
    report,
    pods,
    services,
    answers,
    keepsUncalled: false,
    ...(api === undefined ? {} : { api }),
  };
  const { source, window: observation } = report;
  const audit: NetworkAudit = {
    schema: 'nowwhat.dev/network-audit/v1',
    source,
    policies: candidates.length,
    ...auditPolicies(evidence, candidates),
    observation,
  };
  return { audit, report, notices };
}
