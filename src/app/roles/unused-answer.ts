// The answer of `unused-rights`, as plain JSON: what was granted and not used, how to take it away, and tokens that nobody uses.

import type { UseState } from '../../inference/index.ts';
import type { Identity } from '../../inventory/rights/bindings.ts';
import type { ObjectRef, Position } from '../../model/index.ts';
import type { GrantView, OpenBinding } from './rights.ts';
import type { LogView, NeedView, ProofView, RoleView, SubjectRoles } from './roles-answer.ts';

export interface GrantUseView extends GrantView {
  readonly state: UseState;
  readonly requests: number;
  readonly last?: string;
  readonly used: readonly NeedView[];
  /** `delete pods`; of a wildcard that nobody used, the wildcard. */
  readonly unused: readonly string[];
  /** It names a wildcard, of which only what stands in `used` was used. */
  readonly wildcard: boolean;
}

export interface RemovalView {
  readonly keep: readonly GrantView['binding'][];
  /** Applied first. */
  readonly apply: readonly RoleView[];
  readonly proof: ProofView;
  readonly remove: readonly {
    readonly binding: GrantView['binding'];
    /** `subject`: others are bound by it too. */
    readonly how: 'binding' | 'subject';
  }[];
}

export interface SubjectUnused {
  readonly subject: Identity;
  readonly seen?: NonNullable<SubjectRoles['seen']>;
  readonly grants: readonly GrantUseView[];
  /** Absent where everything was used, and for groups, of which others live too. */
  readonly plan?: RemovalView;
  /** Sentences on what the window may not have seen. */
  readonly notes: readonly string[];
}

/** A token of an account that nothing in the log and nothing in the manifests uses. */
export interface IdleToken {
  readonly workload: ObjectRef;
  readonly account: string;
  readonly position: Omit<Position, 'column'>;
  /** Path of the field to set to false, in the workload. */
  readonly path: string;
}

export interface UnusedAnswer {
  readonly schema: 'nowwhat.dev/unused-rights/v1';
  /** The context that was read, where it was no files: positions say nothing then. */
  readonly cluster?: string;
  readonly log: LogView;
  readonly subjects: readonly SubjectUnused[];
  readonly tokens: readonly IdleToken[];
  /** Bindings to roles that the input does not hold: what they give is not known. */
  readonly open: readonly OpenBinding[];
}
