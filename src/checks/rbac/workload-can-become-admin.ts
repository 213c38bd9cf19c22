// Finds workloads whose token is, or leads to, all rights: who breaks into such a pod has the cluster.

import { subjectText } from '../../inventory/rights/bindings.ts';
import { type CheckContext, workloadCheck } from '../check.ts';
import type { Diagnostic } from '../../model/index.ts';
import type { Workload } from '../../inventory/index.ts';
import { accountOf, accountPath, isStaticPod, projectsApiToken, tokenMount } from '../../inventory/rights/accounts.ts';
import { escalationsIn, wayFinding, wayText } from './escalation/index.ts';
import { rbacMeta } from './rbac-meta.ts';

function findWay(workload: Workload, context: CheckContext): Diagnostic | undefined {
  const isProjected = projectsApiToken(workload);
  const mount = tokenMount(context.inventory, workload);
  if (mount?.mounted === false && !isProjected) return undefined;
  const account = accountOf(workload);
  const way = escalationsIn(context).wayOf(account);
  if (way === undefined) return undefined;
  const { kind, name } = workload.object;
  const text = `whoever breaks into ${kind} "${name}" can have the whole cluster{if}: its ${subjectText(account)} ${wayText(way)}`;
  const doubt = mount === undefined && !isProjected ? 'its ServiceAccount lets the token be mounted' : undefined;
  return {
    ...wayFinding(way, text, doubt),
    severity: way.steps.length === 0 ? 'critical' : 'high',
    path: accountPath(workload),
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
    settledBy: 'a look at the target cluster',
  }),
  { applies: (workload) => !isStaticPod(workload), find: findWay },
);
