// Finds what a selector matches through labels: work grows with the matches, not with all there is.

import type { Selector } from '../kube/selectors.ts';
import type { Labels } from './workload.ts';

interface NamespaceIndex<T> {
  readonly all: Entry<T>[];
  readonly byPair: Map<string, Entry<T>[]>;
}

interface Entry<T> {
  readonly item: T;
  readonly labels: Labels;
}

function pairKey(key: string, value: string): string {
  return `${key}=${value}`;
}

/** Things with labels in namespaces: the pods of workloads, Services. */
export class LabelIndex<T> {
  private readonly byNamespace = new Map<string, NamespaceIndex<T>>();

  /** `describe` gives the namespace and the labels of an item. */
  constructor(items: readonly T[], describe: (item: T) => readonly [namespace: string, labels: Labels]) {
    for (const item of items) {
      const [namespace, labels] = describe(item);
      this.add(namespace, { item, labels });
    }
  }

  /** Namespaces that hold at least one item. */
  namespaces(): string[] {
    return [...this.byNamespace.keys()];
  }

  matching(namespace: string, selector: Selector): readonly T[] {
    const index = this.byNamespace.get(namespace);
    if (index === undefined) return [];
    let candidates: readonly Entry<T>[] = index.all;
    for (const [key, value] of selector.requiredPairs) {
      const list = index.byPair.get(pairKey(key, value)) ?? [];
      if (list.length < candidates.length) candidates = list;
    }
    return candidates.filter(({ labels }) => selector.matches(labels)).map(({ item }) => item);
  }

  private add(namespace: string, entry: Entry<T>): void {
    let index = this.byNamespace.get(namespace);
    if (index === undefined) {
      index = { all: [], byPair: new Map() };
      this.byNamespace.set(namespace, index);
    }
    index.all.push(entry);
    for (const [key, value] of Object.entries(entry.labels)) {
      const pair = pairKey(key, value);
      const list = index.byPair.get(pair);
      if (list === undefined) index.byPair.set(pair, [entry]);
      else list.push(entry);
    }
  }
}
