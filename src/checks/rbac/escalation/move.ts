// One move of an intruder: who makes it, what it needs, and whom it makes of him.

import { type Identity, identityKey } from '../../../inventory/rights/bindings.ts';
import type { Proof, Rights } from './rights.ts';
import type { Surroundings } from './surroundings.ts';

/** Somebody to be, or a state to be in: owner of all that is in a namespace, or of the cluster. */
export type Actor =
  | Identity
  | { readonly kind: 'NamespaceOwner'; readonly namespace: string; readonly name: '' }
  | { readonly kind: 'ClusterAdmin'; readonly namespace: ''; readonly name: '' };

export const clusterAdmin: Actor = { kind: 'ClusterAdmin', namespace: '', name: '' };

export function ownerOf(namespace: string): Actor {
  return { kind: 'NamespaceOwner', namespace, name: '' };
}

export function actorKey(actor: Actor): string {
  return identityKey(actor as Identity);
}

/** Whom a move leads to: one actor, or any of a set that many moves share. */
export type Target = { readonly actor: Actor } | { readonly set: string };

export interface Move {
  /** Stands before the identity that it leads to: `run a pod as`; says all where it leads to another state. */
  readonly phrase: string;
  readonly target: Target;
  /** All of them together allow the move. */
  readonly proofs: readonly Proof[];
  /** What the input cannot show and the move needs: `that a Secret …`. */
  readonly presumes?: string;
  /** True where the actor is the target already, by what he holds. */
  readonly holds?: boolean;
}

/** The moves of one kind that an identity can make. */
export type Technique = (rights: Rights, surroundings: Surroundings) => readonly Move[];

export const systemNamespace = 'kube-system';
export const systemText = `namespace "${systemNamespace}"`;
