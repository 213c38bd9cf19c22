// Finds workloads whose token is, or leads to, all rights: who breaks into such a pod has the cluster.

import { subjectText } from './bindings.ts';
import { type CheckContext, workloadCheck } from '../check.ts';
import type { Diagnostic } from '../../model/index.ts';
import type { Workload } from '../../inventory/index.ts';
import { accountOf, accountPath, isStaticPod, projectsApiToken, tokenMount } from './accounts.ts';
import { escalationsIn, wayEvidence, wayText } from './escalation/index.ts';
import { rbacMeta } from './rbac-meta.ts';

function findWay(workload: Workload, context: CheckContext): Diagnostic | undefined {
  const mount = tokenMount(context.inventory, workload);
  if (mount?.mounted === false && !projectsApiToken(workload)) return undefined;
  const account = accountOf(workload);
  const way = escalationsIn(context).wayOf(account);
  if (way === undefined) return undefined;
  const { kind, name } = workload.object;
  const doubt = mount === undefined && !projectsApiToken(workload);
  return {
    ...(doubt ? { verdict: 'unknown' } : {}),
    severity: way.steps.length === 0 ? 'critical' : 'high',
    message: `whoever breaks into ${kind} "${name}" can have the whole cluster: its ${subjectText(account)} ${wayText(way)}`,
    path: accountPath(workload),
    evidence: `${wayEvidence(way)}${doubt ? '; would be settled by the ServiceAccount, which is not in the input: it may say that no token is mounted' : ''}`,
  };
}

export const workloadCanBecomeAdmin = workloadCheck(
  rbacMeta({
    id: 'workload-can-become-admin',
    title: 'No workload holds the keys of the cluster',
    level: 1,
    severity: 'high',
    references: [
      { framework: 'MITRE', id: 'T1528' },
      { framework: 'OWASP', id: 'K03' },
    ],
    remediation: 'Give the workload an account with only the rights it uses, or no token if it uses none.',
    minutes: 60,
    settledBy: 'the ServiceAccount in the target cluster',
  }),
  { applies: (workload) => !isStaticPod(workload), find: findWay },
);
