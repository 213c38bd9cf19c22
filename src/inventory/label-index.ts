// Finds the pods that a selector matches through their labels: work grows with the matches, not with all pods.

import type { Selector } from '../kube/selectors.ts';
import type { Workload } from './workload.ts';

interface NamespaceIndex {
  readonly all: Workload[];
  readonly byPair: Map<string, Workload[]>;
}

function pairKey(key: string, value: string): string {
  return `${key}=${value}`;
}

export class LabelIndex {
  private readonly namespaces = new Map<string, NamespaceIndex>();

  constructor(workloads: readonly Workload[]) {
    for (const workload of workloads) this.add(workload);
  }

  matching(namespace: string, selector: Selector): readonly Workload[] {
    const index = this.namespaces.get(namespace);
    if (index === undefined) return [];
    let candidates: readonly Workload[] = index.all;
    for (const [key, value] of selector.requiredPairs) {
      const list = index.byPair.get(pairKey(key, value)) ?? [];
      if (list.length < candidates.length) candidates = list;
    }
    return candidates.filter((workload) => selector.matches(workload.labels));
  }

  private add(workload: Workload): void {
    const { namespace } = workload.object;
    let index = this.namespaces.get(namespace);
    if (index === undefined) {
      index = { all: [], byPair: new Map() };
      this.namespaces.set(namespace, index);
    }
    index.all.push(workload);
    for (const [key, value] of Object.entries(workload.labels)) {
      const pair = pairKey(key, value);
      const list = index.byPair.get(pair);
      if (list === undefined) index.byPair.set(pair, [workload]);
      else list.push(workload);
    }
  }
}
