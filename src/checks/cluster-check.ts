// Checks that only a cluster answers: unknown for files, and for a cluster as far as it was seen.

import { type ClusterView, viewOf } from '../inventory/index.ts';
import type { CheckMeta } from '../model/index.ts';
import { appCheck, type AppCheck, type AppDiagnostic, type AppDiagnostics, type CheckContext } from './check.ts';

export interface ClusterQuestion {
  /** What files leave open: `which operating system the nodes run cannot be seen in files`. */
  readonly inFiles: string;
  readonly applies?: (context: CheckContext) => boolean;
  readonly find: (view: ClusterView, context: CheckContext) => AppDiagnostics;
}

export type ClusterMeta = CheckMeta & { readonly settledBy: string };

/** Asks the cluster that was read. */
export function clusterCheck(meta: ClusterMeta, { inFiles, applies, find }: ClusterQuestion): AppCheck {
  return appCheck(meta, {
    ...(applies === undefined ? {} : { applies }),
    find: (context) => {
      const view = viewOf(context.inventory);
      if (view.live) return find(view, context);
      return { verdict: 'unknown', message: inFiles, evidence: `would be settled by ${meta.settledBy}` };
    },
  });
}

/** Not known although a cluster was read: `why` says what was not seen. */
export function notSeen(message: string, why: string): AppDiagnostic {
  return { verdict: 'unknown', message, evidence: why };
}

/** `n1, n2 and 3 more`. */
export function nameSome(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}
