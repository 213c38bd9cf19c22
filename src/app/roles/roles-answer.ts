// The answer of `roles`, as plain JSON: what each subject needs, the roles that allow it, and the proof.

import type { DeclaredSource, Need, RoleSubject, Widening } from '../../inference/index.ts';
import type { JsonObject } from '../../model/index.ts';

/** ISO times of the first and the last event. */
export interface WindowView {
  readonly first: string;
  readonly last: string;
}

export interface LogView extends Partial<WindowView> {
  readonly files: readonly { readonly name: string; readonly records: number; readonly ignored: number }[];
  /** Requests with an outcome. */
  readonly requests: number;
  readonly allowed: number;
  readonly denied: number;
  readonly undecided: number;
  readonly repeated: number;
}

export type NeedView = Need &
  Partial<WindowView> & {
    readonly requests: number;
    readonly declared?: readonly DeclaredSource[];
  };

export interface RoleView {
  readonly role: JsonObject;
  readonly binding: JsonObject;
  /** For each rule of the role, in its order, the needs that rest on it. */
  readonly restOn: readonly (readonly NeedView[])[];
}

/** What somebody holds already: roles that every cluster has, or those of the input that count as given. */
export interface GivenView {
  readonly by: string;
  readonly needs: number;
  readonly requests: number;
}

export interface ProofView {
  /** Every need was put to the authorizer over the roles below and what counts as given. */
  readonly needs: number;
  readonly allowed: number;
  readonly missing: readonly string[];
  /** Parts that the roles give: one verb on one resource, of one name, in one place. */
  readonly granted: number;
  readonly beyond: readonly { readonly what: string; readonly reason: 'verb' | 'any-name' | 'any-namespace' }[];
}

export interface SubjectRoles {
  readonly subject: RoleSubject;
  /** Absent where the log shows nothing of it. */
  readonly seen?: Partial<WindowView> & {
    readonly requests: number;
    readonly denied: number;
    readonly pods: number;
  };
  readonly roles: readonly RoleView[];
  readonly given: readonly GivenView[];
  readonly proof: ProofView;
  /** Sentences: what the log does not show, and what to think of. */
  readonly notes: readonly string[];
}

export interface RolesAnswer {
  readonly schema: 'nowwhat.dev/roles/v1';
  readonly log?: LogView;
  readonly widened: readonly Widening[];
  readonly subjects: readonly SubjectRoles[];
  readonly leftOut: readonly { readonly user: string; readonly reason: string }[];
}
