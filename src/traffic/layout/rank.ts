// Puts the nodes of a graph into columns, so that edges lead from left to right wherever they can.

export interface Link {
  readonly from: number;
  readonly to: number;
}

function outgoingOf(count: number, links: readonly Link[]): number[][] {
  const outgoing: number[][] = Array.from({ length: count }, () => []);
  for (const { from, to } of links) if (from !== to) outgoing[from]?.push(to);
  return outgoing;
}

/** Nodes that nobody leads to come first: a walk from them meets as few edges against the direction as can be. */
function walkOrder(count: number, links: readonly Link[]): number[] {
  const led = new Set(links.filter(({ from, to }) => from !== to).map(({ to }) => to));
  const all = Array.from({ length: count }, (_, index) => index);
  return [...all.filter((node) => !led.has(node)), ...all.filter((node) => led.has(node))];
}

/** Edges that close a circle, as `from to`: they are laid out the other way round. */
export function findBackward(count: number, links: readonly Link[]): ReadonlySet<string> {
  const outgoing = outgoingOf(count, links);
  const state = new Map<number, 'open' | 'done'>();
  const backward = new Set<string>();
  for (const start of walkOrder(count, links)) {
    const trail: { node: number; next: number }[] = state.has(start) ? [] : [{ node: start, next: 0 }];
    if (trail.length > 0) state.set(start, 'open');
    for (let step = trail.at(-1); step !== undefined; step = trail.at(-1)) {
      const to = outgoing[step.node]?.[step.next];
      step.next += 1;
      if (to === undefined) {
        state.set(step.node, 'done');
        trail.pop();
      } else if (state.get(to) === 'open') backward.add(`${step.node} ${to}`);
      else if (!state.has(to)) {
        state.set(to, 'open');
        trail.push({ node: to, next: 0 });
      }
    }
  }
  return backward;
}

/** Callers before those they call. `outgoing` must hold no circle. */
function callersFirst(outgoing: readonly (readonly number[])[]): number[] {
  const waiting = outgoing.map(() => 0);
  const count = (node: number, change: number): number => (waiting[node] = (waiting[node] ?? 0) + change);
  for (const to of outgoing.flat()) count(to, 1);
  const ready = [...waiting.keys()].filter((node) => waiting[node] === 0);
  const order: number[] = [];
  for (let node = ready.shift(); node !== undefined; node = ready.shift()) {
    order.push(node);
    for (const to of outgoing[node] ?? []) if (count(to, -1) === 0) ready.push(to);
  }
  return order;
}

/** Column of each node: one more than that of the last node that leads to it. `links` must hold no circle. */
export function rankNodes(count: number, links: readonly Link[]): number[] {
  const outgoing = outgoingOf(count, links);
  const order = callersFirst(outgoing);
  const ranks = outgoing.map(() => 0);
  const rankOf = (node: number): number => ranks[node] ?? 0;
  for (const node of order) for (const to of outgoing[node] ?? []) ranks[to] = Math.max(rankOf(to), rankOf(node) + 1);
  // Callers that nobody calls move up to whom they call: short edges are easier to follow.
  const called = new Set(outgoing.flat());
  for (const node of order) {
    const targets = (outgoing[node] ?? []).map(rankOf);
    if (!called.has(node) && targets.length > 0) ranks[node] = Math.min(...targets) - 1;
  }
  return ranks;
}
