// A proof: evidence that something holds, with what it rests on; it goes stale when that changes. Plain JSON (schema nowwhat.dev/proof/v1).

import type { Subject, Verdict } from './finding.ts';
import type { PlanInput } from './plan.ts';

/** What a proof rests on: files and objects as in a plan, and more at once. */
export type ProofInput =
  | PlanInput
  /** All files below a folder, but for hidden ones and texts for people: SHA-256 over their names and contents. */
  | { readonly kind: 'folder'; readonly folder: string; readonly sha256: string }
  /** All objects of a namespace that somebody wrote, as in a plan each. */
  | { readonly kind: 'namespace'; readonly context: string; readonly namespace: string; readonly sha256: string }
  /** The cluster that was asked, by the name of its context, and the version of Kubernetes that it had. */
  | { readonly kind: 'cluster'; readonly context: string; readonly version: string };

/** A trial that had to fail: where it did not, the proof shows nothing. */
export interface NegativeControl {
  /** What was tried: `a connection that no policy allows`. */
  readonly what: string;
  /** True where it failed, as it had to. */
  readonly failed: boolean;
}

/** A check whose unknown findings the proof decides. */
export interface Settled {
  readonly check: string;
  readonly verdict: Exclude<Verdict, 'unknown'>;
  /** Only this subject; left out, all that the check leaves open. */
  readonly subject?: Subject;
}

export interface Proof {
  readonly schema: 'nowwhat.dev/proof/v1';
  /** What kind of proof: `fix`, `rehearsal`, `probe`, `network-rehearsal`. A new one of a kind and claim takes the place of the old one. */
  readonly kind: string;
  /** What is shown, as one sentence: `k8s/web.yaml has no failing findings of 3 checks`. */
  readonly claim: string;
  /** The command, as a person would type it to see it again. */
  readonly command: string;
  /** Version of the program. */
  readonly version: string;
  /** ISO time. */
  readonly time: string;
  readonly result: 'holds' | 'fails';
  readonly figures: Readonly<Record<string, number | string>>;
  readonly inputs: readonly ProofInput[];
  readonly negativeControl?: NegativeControl;
  readonly settles?: readonly Settled[];
  /** What the app was held against when the proof was fetched from a store. */
  readonly comparison?: Comparison;
  /** ISO date: the last day on which it is believed, where age alone makes it stale. */
  readonly until?: string;
}

/** An app held against what was proven. */
export interface Comparison {
  /** A sentence without its full stop. */
  readonly text: string;
  /** Whether the app was otherwise there. */
  readonly changed: boolean;
  /** ISO time of the moment at which the app was as the text says; left out where nothing tells. */
  readonly time?: string;
}

/** `unchecked`: some inputs are in a cluster that was not looked at. Only a fresh proof counts. The texts are sentences without their full stop. */
export type Freshness =
  | { readonly state: 'fresh' }
  | { readonly state: 'stale'; readonly changed: readonly string[] }
  | { readonly state: 'unchecked'; readonly unread: readonly string[] };
