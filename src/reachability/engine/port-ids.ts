// The ports of rules as numbers of graded sets, for each kind of pod that is called.

import type { End, PodEnd } from '../ends.ts';
import { type PortTerms, resolvePorts } from '../port-terms.ts';
import { certain, type GradeTable } from './grades.ts';

export class PortIds {
  private readonly grades: GradeTable;
  private readonly fixed = new Map<PortTerms, number>();
  private readonly names: ReadonlySet<string>;

  /** `terms` are those of all rules: only names that they use tell pods apart. */
  constructor(grades: GradeTable, terms: readonly PortTerms[]) {
    this.grades = grades;
    this.names = new Set(terms.flatMap(({ named }) => named.map(({ name }) => name)));
  }

  /** What rules may see of a pod's ports, as text. */
  keyOf(pod: PodEnd): string {
    if (this.names.size === 0) return '';
    if (pod.ports === undefined) return '?';
    const seen = pod.ports.filter(({ name }) => this.names.has(name));
    return seen.map(({ name, port, protocol }) => `${name} ${protocol} ${port}`).join(',');
  }

  of(terms: PortTerms, called: End | undefined): number {
    if (terms.named.length > 0 || terms.isOpaque) return this.resolve(terms, called);
    let id = this.fixed.get(terms);
    if (id === undefined) {
      id = this.grades.add(certain(terms.fixed));
      this.fixed.set(terms, id);
    }
    return id;
  }

  /** As the input stands, ports that nobody told have no names. */
  private resolve(terms: PortTerms, called: End | undefined): number {
    const ports = called?.kind === 'pod' ? called.ports : 'none';
    const { sure, possible } = resolvePorts(terms, ports);
    return this.grades.add({ sure, read: resolvePorts({ ...terms, isOpaque: false }, ports ?? []).sure, possible });
  }
}
