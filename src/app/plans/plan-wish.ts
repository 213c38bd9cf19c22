// How a plan is to be carried out, and where.

import type { ClusterWish } from '../cluster/open-cluster.ts';
import type { Doing } from './carry-out.ts';
import type { Patience } from './watch-workloads.ts';

export interface PlanWish {
  /** Folder with the records; of a plan for a folder also what its files are told from. */
  readonly root: string;
  /** How a cluster is reached; its context is the plan's unless another one is named. */
  readonly cluster: Omit<ClusterWish, 'context'> & { readonly context?: string | undefined };
  /** What was done stays, also after trouble. */
  readonly keep: boolean;
  readonly patience: Patience;
}

/** The site of a plan and what stands around it. */
export interface OpenSite extends Pick<Doing, 'site' | 'settle'> {
  readonly close: () => Promise<void>;
}
