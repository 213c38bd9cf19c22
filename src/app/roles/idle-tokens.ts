// Tokens that pods carry and nobody uses: the account asked for nothing in the log, and the manifests do not speak of the API.

import type { Window } from '../../inference/index.ts';
import type { Inventory, Workload } from '../../inventory/index.ts';
import { accountOf, isStaticPod, projectsApiToken, tokenMount } from '../../inventory/rights/accounts.ts';
import { usesApi } from '../../inventory/rights/token-use.ts';
import { accountUserName } from '../../kube/rbac-authorizer.ts';
import { type Change, type Path, toJsonPointer } from '../../model/index.ts';
import type { IdleToken } from './unused-answer.ts';
import { couldNotBeSeen } from './window-notes.ts';

export interface IdleTokenChange extends Change {
  readonly workload: Workload;
}

export interface Heard {
  /** Users of whom the log has a request, allowed or not: a token that is refused is used as well. */
  readonly seen: ReadonlySet<string>;
  readonly window?: Window | undefined;
}

/** Objects that others make are told by those: a Pod of a ReplicaSet of a Deployment. */
function isOwned({ object: { raw } }: Workload): boolean {
  const metadata = raw['metadata'] as { readonly ownerReferences?: unknown } | undefined;
  return Array.isArray(metadata?.ownerReferences) && metadata.ownerReferences.length > 0;
}

function isIdle(inventory: Inventory, workload: Workload, { seen, window }: Heard): boolean {
  if (couldNotBeSeen(workload, window)) return false;
  if (isStaticPod(workload) || isOwned(workload) || tokenMount(inventory, workload)?.mounted === false) return false;
  const { namespace, name } = accountOf(workload);
  return !seen.has(accountUserName(namespace, name)) && !projectsApiToken(workload) && !usesApi(workload);
}

function fieldOf({ specPath }: Workload): Path {
  return [...specPath, 'automountServiceAccountToken'];
}

export function findIdleTokens(inventory: Inventory, heard: Heard): IdleTokenChange[] {
  return inventory.workloads
    .filter((workload) => isIdle(inventory, workload, heard))
    .map((workload) => ({
      workload,
      edits: [{ object: workload.object, edits: [{ op: 'set', path: fieldOf(workload), value: false }] }],
      create: [],
    }));
}

export function idleTokenView(inventory: Inventory, { workload }: IdleTokenChange): IdleToken {
  const { apiVersion, kind, namespace, name } = workload.object;
  const { file, line } = inventory.positions.of(workload.object, fieldOf(workload));
  return {
    workload: { apiVersion, kind, namespace, name },
    account: accountOf(workload).name,
    position: { file, line },
    path: toJsonPointer(fieldOf(workload)),
  };
}
