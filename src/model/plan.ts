// A plan: ordered steps that change files or a cluster, each with its reason and its inverse. Plain JSON (schema nowwhat.dev/plan/v1).

import type { Owner, Subject } from './finding.ts';
import type { Json, JsonObject } from './json-value.ts';
import type { ObjectRef } from './object.ts';

/** Lines in the place of lines; each text is a line with its end, so that line ends and a missing last one stay as they are. */
export interface LineChange {
  /** Number of the first line that goes, or before which lines come; from 1, in the text as it was before all changes. */
  readonly line: number;
  readonly remove: readonly string[];
  readonly add: readonly string[];
}

/** RFC 6902, of which only these operations are needed. */
export type PatchOperation =
  | { readonly op: 'add' | 'replace' | 'test'; readonly path: string; readonly value: Json }
  | { readonly op: 'remove'; readonly path: string };

/** Files are named from the root of the plan's folder, with `/`. `before` and `after` are SHA-256 of the file's bytes, in hex. */
export type FileAction =
  /** A file that must not exist yet. */
  | { readonly kind: 'write-file'; readonly file: string; readonly content: string; readonly executable?: true }
  | {
      readonly kind: 'edit-file';
      readonly file: string;
      readonly before: string;
      readonly after: string;
      readonly changes: readonly LineChange[];
    }
  | { readonly kind: 'remove-file'; readonly file: string; readonly before: string };

export type ClusterAction =
  /**
   * Server-side apply of the fields in `object`, as field manager `nowwhat`. `takeOver` names the managers whose fields may be taken; where another
   * one holds a field with another value, nothing is written.
   */
  | { readonly kind: 'apply'; readonly object: JsonObject; readonly takeOver: readonly string[] }
  /** JSON patch: `test` operations say what must still stand there. */
  | { readonly kind: 'patch'; readonly object: ObjectRef; readonly patch: readonly PatchOperation[] }
  /** An object that must not exist yet. */
  | { readonly kind: 'create'; readonly object: JsonObject }
  | { readonly kind: 'delete'; readonly object: ObjectRef };

export type PlanAction = FileAction | ClusterAction;

/** What takes a step back. */
export type Inverse = PlanAction | { readonly kind: 'none'; readonly reason: string };

export interface PlanStep {
  /** Unique in the plan: letters, digits and dashes. */
  readonly id: string;
  /** What is done, imperative: `Edit k8s/web.yaml`. */
  readonly title: string;
  /** Why, for a person to agree with. */
  readonly reason: string;
  /** Checks whose findings it closes, by id. */
  readonly closes: readonly string[];
  readonly owner: Owner;
  /** What to know before agreeing, such as who will write the object again. */
  readonly remarks?: readonly string[];
  readonly action: PlanAction;
  /** As it can be told beforehand; what was really done is in the journal. */
  readonly inverse: Inverse;
  /** Ids of steps that must be done before. The order of the list fits them. */
  readonly after: readonly string[];
}

/** What a plan or a proof rests on: it is refused, or stale, where one is not as it was. */
export type PlanInput =
  | {
      readonly kind: 'file';
      readonly file: string;
      /** SHA-256 in hex; absent where there must be no such file. */
      readonly sha256?: string;
    }
  | {
      readonly kind: 'object';
      readonly object: ObjectRef;
      /** Absent where there must be no such object. */
      readonly uid?: string;
      /** When it was read; what only Kubernetes writes makes it newer, so `sha256` tells whether the object is the same. */
      readonly resourceVersion?: string;
      /** Over the object without status, count of replicas and what the server keeps of it. Absent for Secrets: a hash gives short ones away. */
      readonly sha256?: string;
    };

/** A cluster by the context's name and by its server, which tells whether a context of that name is the same cluster. */
export type PlanTarget =
  | { readonly kind: 'folder' }
  | { readonly kind: 'cluster'; readonly context: string; readonly server: string };

export interface Plan {
  readonly schema: 'nowwhat.dev/plan/v1';
  /** What it is for, in one sentence. */
  readonly title: string;
  /** The command that made it, as a person would type it. */
  readonly command: string;
  /** Version of the program that made it. */
  readonly version: string;
  /** ISO time. */
  readonly made: string;
  /** Where the objects come from that it brings into a cluster: files and folders, from the root of the records. */
  readonly declaredIn?: readonly string[];
  readonly target: PlanTarget;
  readonly inputs: readonly PlanInput[];
  readonly steps: readonly PlanStep[];
  /** What is left for others, or could not be planned. */
  readonly left: readonly { readonly owner: Owner; readonly what: string; readonly subject?: Subject }[];
}

export type StepState = 'doing' | 'done' | 'undoing' | 'undone';

/** What became of one step. */
export interface JournalEntry {
  readonly step: string;
  readonly state: StepState;
  /** ISO time. */
  readonly at: string;
  /** Takes back what was really done. */
  readonly inverse: Inverse;
  /** The object as it was left, for a look whether the world has moved on since. */
  readonly left?: PlanInput;
}

export type JournalState = 'applying' | 'applied' | 'undoing' | 'undone';

/** What was done of a plan. It is written before and after each step, so that a program that was ended in the middle can go on or go back. */
export interface Journal {
  readonly schema: 'nowwhat.dev/journal/v1';
  readonly state: JournalState;
  /** ISO times. */
  readonly started: string;
  readonly ended?: string;
  /** Why it was taken back or stopped, where it was. */
  readonly trouble?: string;
  /** One for each step that was begun, in order. */
  readonly entries: readonly JournalEntry[];
}
