// Finds pods that carry an API token which, as far as the input says, nothing in them uses.

import type { Workload } from '../../inventory/index.ts';
import type { Diagnostic } from '../../model/index.ts';
import { type CheckContext, workloadCheck } from '../check.ts';
import { accountOf, findAccount, isStaticPod, projectsApiToken, tokenMount } from '../../inventory/rights/accounts.ts';
import { bindingsOf, isBootstrapped } from '../../inventory/rights/bindings.ts';
import { usesApi } from '../../inventory/rights/token-use.ts';
import { rbacMeta } from './rbac-meta.ts';
import { setTo } from '../fix.ts';

function needsToken(workload: Workload, { inventory }: CheckContext): boolean {
  if (projectsApiToken(workload) || usesApi(workload)) return true;
  return bindingsOf(inventory, accountOf(workload)).some(({ object }) => !isBootstrapped(object));
}

function findUnused(workload: Workload, context: CheckContext): Diagnostic | undefined {
  const mount = tokenMount(context.inventory, workload);
  if (mount?.mounted === false || needsToken(workload, context)) return undefined;
  const { object, specPath } = workload;
  const { namespace, name } = accountOf(workload);
  const isGiven = findAccount(context.inventory, accountOf(workload)) !== undefined;
  const path = [...specPath, 'automountServiceAccountToken'];
  const who = `${object.kind} "${object.name}"`;
  if (mount === undefined || mount.stated || (!isGiven && name !== 'default'))
    return {
      verdict: 'unknown',
      message: `${who} has an API token of account "${name}", to which the input gives no rights: it is of use only if the cluster gives some`,
      path,
      evidence: `would be settled by a look at the target cluster: bindings of ServiceAccount ${namespace}/${name}`,
    };
  return {
    ...(name === 'default' ? {} : { severity: 'low' }),
    message: `${who} mounts an API token of account "${name}", to which the input gives no rights: whoever breaks in can speak to the API server with it`,
    path,
    evidence: `automountServiceAccountToken is set neither on the pod nor on the account; no binding names ${namespace}/${name}`,
  };
}

export const automountToken = workloadCheck(
  rbacMeta({
    id: 'automount-token',
    title: 'Pods carry an API token only where they use it',
    level: 3,
    severity: 'medium',
    references: [
      { framework: 'CIS', id: '5.1.6' },
      { framework: 'MITRE', id: 'T1528' },
      { framework: 'NSA', id: 'Authentication and authorization' },
    ],
    remediation: 'Set automountServiceAccountToken to false in the pod template.',
    minutes: 5,
    settledBy: 'a look at the target cluster',
  }),
  {
    applies: (workload) => !isStaticPod(workload),
    find: findUnused,
    fix: setTo(false),
  },
);
