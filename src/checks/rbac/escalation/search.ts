// The shortest ways from everybody to all rights: one search backwards from the goal over the moves of all identities.

import { pushTo } from '../../../model/index.ts';
import type { Identity } from '../../../inventory/rights/bindings.ts';
import {
  actAsGroup,
  actAsUser,
  bindRoles,
  holdEverything,
  joinBinding,
  rewriteRole,
  takeCluster,
} from './cluster-techniques.ts';
import { type Actor, actorKey, clusterAdmin, type Move, ownerOf, systemNamespace, type Technique } from './move.ts';
import { changeWorkload, movesOfOwner, setKey, useNamed, useNamespace } from './namespace-techniques.ts';
import { type Proof, Rights } from './rights.ts';
import type { Surroundings } from './surroundings.ts';

/** Preferred first, where several moves are equally short. */
const techniques: readonly Technique[] = [
  holdEverything,
  bindRoles,
  joinBinding,
  rewriteRole,
  actAsUser,
  actAsGroup,
  takeCluster,
  useNamespace,
  changeWorkload,
  useNamed,
];

/** More moves than this are no longer a way that anybody would go. */
const mostSteps = 8;

interface Edge extends Move {
  readonly from: Actor;
  /** Place in the list of techniques, then of the moves. */
  readonly rank: number;
}

export interface Step {
  readonly from: Actor;
  readonly to: Actor;
  readonly phrase: string;
  readonly proofs: readonly Proof[];
  /** See `Move`. */
  readonly presumes?: string;
}

export interface Way {
  /** Empty for one who has all rights already. */
  readonly steps: readonly Step[];
  /** Why the last identity is at the goal, where it is so by what it holds. */
  readonly held?: readonly Proof[];
}

/** Every move of everybody, by where it leads. */
export interface EscalationGraph {
  readonly into: ReadonlyMap<string, readonly Edge[]>;
  /** Sets that an identity is a member of. */
  readonly setsOf: ReadonlyMap<string, readonly string[]>;
}

function movesOf(identity: Identity, surroundings: Surroundings): Move[] {
  if (identity.kind === 'Group' && identity.name === 'system:masters')
    return [{ phrase: 'do everything', target: { actor: clusterAdmin }, proofs: [], holds: true }];
  const rights = new Rights(surroundings.inventory, identity);
  return techniques.flatMap((technique) => technique(rights, surroundings));
}

function readSets({ accounts, pods, tokens }: Surroundings): Map<string, string[]> {
  const sets = new Map<string, Set<string>>();
  const add = (account: Identity, ...keys: string[]): void => {
    const known = sets.get(actorKey(account)) ?? new Set();
    for (const key of keys) known.add(key);
    sets.set(actorKey(account), known);
  };
  for (const account of accounts) add(account, setKey('accounts', account.namespace));
  for (const { account } of pods) add(account, setKey('pods', account.namespace));
  for (const { account, namespace } of tokens) add(account, setKey('tokens', namespace), setKey('tokens', ''));
  return new Map([...sets].map(([key, keys]) => [key, [...keys]]));
}

export function makeGraph(surroundings: Surroundings): EscalationGraph {
  const into = new Map<string, Edge[]>();
  const add = (from: Actor, moves: readonly Move[]): void => {
    for (const [rank, move] of moves.entries())
      pushTo(into, 'set' in move.target ? move.target.set : actorKey(move.target.actor), { ...move, from, rank });
  };
  for (const identity of surroundings.identities) add(identity, movesOf(identity, surroundings));
  const namespaces = new Set([systemNamespace, ...surroundings.accounts.map(({ namespace }) => namespace)]);
  for (const namespace of namespaces) add(ownerOf(namespace), movesOfOwner(namespace, surroundings.minor));
  return { into, setsOf: readSets(surroundings) };
}

interface Hop {
  readonly edge: Edge;
  readonly next: Actor;
}

/** A search from one goal back to everybody; each move and each set is looked at once. */
class BackwardSearch {
  readonly hops = new Map<string, Hop>();
  private readonly usedSets = new Set<string>();
  private readonly graph: EscalationGraph;
  private readonly goal: string;
  private readonly sure: boolean;

  constructor(graph: EscalationGraph, goal: Actor, sure: boolean) {
    this.graph = graph;
    this.sure = sure;
    this.goal = actorKey(goal);
    let level: readonly Actor[] = this.withHolders([goal]);
    for (let steps = 1; steps <= mostSteps && level.length > 0; steps += 1)
      level = this.withHolders(this.accept(level.flatMap((actor) => this.movesInto(actor))));
  }

  /** Adds those who are at one of the actors by what they hold: that is no step. */
  private withHolders(actors: readonly Actor[]): Actor[] {
    const direct = actors.flatMap((next) => this.edgesInto(actorKey(next)).map((edge) => ({ edge, next })));
    const all = [...actors, ...this.accept(direct.filter(({ edge }) => edge.holds === true))];
    return all.sort((a, b) => (actorKey(a) < actorKey(b) ? -1 : 1));
  }

  private edgesInto(key: string): readonly Edge[] {
    const edges = this.graph.into.get(key) ?? [];
    return this.sure ? edges.filter(({ presumes }) => presumes === undefined) : edges;
  }

  private movesInto(next: Actor): Hop[] {
    const sets = (this.graph.setsOf.get(actorKey(next)) ?? []).filter((set) => !this.usedSets.has(set));
    for (const set of sets) this.usedSets.add(set);
    return [actorKey(next), ...sets].flatMap((key) => this.edgesInto(key)).map((edge) => ({ edge, next }));
  }

  /** Keeps the best hop of everybody who had none before. */
  private accept(hops: readonly Hop[]): Actor[] {
    const best = new Map<string, Hop>();
    for (const hop of hops) {
      const key = actorKey(hop.edge.from);
      if (key === this.goal || this.hops.has(key)) continue;
      const known = best.get(key);
      if (known === undefined || hop.edge.rank < known.edge.rank) best.set(key, hop);
    }
    for (const [key, hop] of best) this.hops.set(key, hop);
    return [...best.values()].map(({ edge }) => edge.from);
  }
}

export interface Escalations {
  /** The shortest way of an identity; `undefined` where there is none. */
  readonly wayOf: (identity: Identity) => Way | undefined;
}

/** All ways to the goal, in time linear in the number of moves; `sure` leaves out moves that presume something. */
export function findEscalations(
  graph: EscalationGraph,
  { goal = clusterAdmin, sure = false }: { readonly goal?: Actor; readonly sure?: boolean } = {},
): Escalations {
  const { hops } = new BackwardSearch(graph, goal, sure);
  const wayOf = (identity: Identity): Way | undefined => {
    const steps: Step[] = [];
    for (let actor: Actor = identity; actorKey(actor) !== actorKey(goal); ) {
      const hop = hops.get(actorKey(actor));
      if (hop === undefined) return undefined;
      const { phrase, proofs, presumes, holds } = hop.edge;
      // One who owns a namespace by what he holds may still go on from there.
      if (holds === true && actorKey(hop.next) === actorKey(goal)) return { steps, held: proofs };
      if (holds !== true)
        steps.push({ from: actor, to: hop.next, phrase, proofs, ...(presumes === undefined ? {} : { presumes }) });
      actor = hop.next;
    }
    return { steps };
  };
  return { wayOf };
}
