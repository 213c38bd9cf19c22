// Edges while they are put together: one for each pair of ends, protocol and port, from declarations and sightings.

import type { Protocol } from '../../reachability/index.ts';
import type { Declaration, Sighting } from '../report.ts';
import type { Party } from '../who/party.ts';

export interface EdgeDraft {
  readonly from: Party;
  readonly to: Party;
  readonly protocol: Protocol;
  readonly port?: number;
  service?: string;
  servicePort?: number;
  readonly declared: Declaration[];
  readonly seen: Sighting[];
}

export interface EdgeKey {
  readonly from: Party;
  readonly to: Party;
  readonly protocol: Protocol;
  readonly port?: number | undefined;
  readonly service?: string | undefined;
  readonly servicePort?: number | undefined;
}

const mostSightings = 20;

export class Drafts {
  readonly #edges = new Map<string, EdgeDraft>();

  get all(): EdgeDraft[] {
    return [...this.#edges.values()];
  }

  /** Edges between two ends on any port. */
  between(from: Party, to: Party): EdgeDraft[] {
    return this.all.filter((edge) => edge.from.id === from.id && edge.to.id === to.id);
  }

  edge({ from, to, protocol, port, service, servicePort }: EdgeKey): EdgeDraft {
    const key = `${from.id} ${to.id} ${protocol} ${port ?? ''}`;
    let edge = this.#edges.get(key);
    if (edge === undefined) {
      edge = { from, to, protocol, ...(port === undefined ? {} : { port }), declared: [], seen: [] };
      this.#edges.set(key, edge);
    }
    if (service !== undefined) edge.service ??= service;
    if (servicePort !== undefined) edge.servicePort ??= servicePort;
    return edge;
  }

  drop(edge: EdgeDraft): void {
    for (const [key, value] of this.#edges) if (value === edge) this.#edges.delete(key);
  }
}

/** Sightings of one record stay apart from those of another; only so many are kept, the last one counts the rest. */
export function addSighting(edge: EdgeDraft, sighting: Sighting): void {
  const same = edge.seen.findIndex(({ where, outcome }) => where === sighting.where && outcome === sighting.outcome);
  const at = same < 0 && edge.seen.length >= mostSightings ? edge.seen.length - 1 : same;
  const before = edge.seen[at];
  if (before === undefined) edge.seen.push(sighting);
  else edge.seen[at] = { ...before, ...mergeTimes(before, sighting), count: before.count + sighting.count };
}

function mergeTimes(a: Sighting, b: Sighting): Pick<Sighting, 'first' | 'last'> {
  const times = [a.first, a.last, b.first, b.last].filter((time) => time !== undefined).sort();
  const [first] = times;
  const last = times.at(-1);
  return first === undefined || last === undefined ? {} : { first, last };
}
