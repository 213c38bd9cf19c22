// One direction of all connections: what the policies of each kind of pod let through from, or to, each kind of peer.

import type { Direction } from '../../kube/network-policy.ts';
import { pushTo } from '../../model/index.ts';
import { fogOver, type PolicySet } from '../compile-policies.ts';
import type { PodEnd } from '../ends.ts';
import type { PortTerms } from '../port-terms.ts';
import { allPorts, noPorts } from '../ports/port-set.ts';
import { applyAction } from './actions.ts';
import { type Grade, type GradeTable, isRead, isSure, sureGrade } from './grades.ts';
import { type Groups, Partition } from './partition.ts';
import type { PeerIndex } from './peer-index.ts';
import { PortIds } from './port-ids.ts';
import {
  allPoliciesOf,
  compileRuleTable,
  eachGroup,
  type RuleTable,
  splitPeers,
  type TablePolicy,
} from './rule-table.ts';

/** Numbers of graded sets of ports, by group of peers. */
type Row = Int32Array;

interface Part {
  readonly grade: Grade;
  readonly row: Row;
}

interface Behind {
  /** What comes behind these policies. */
  readonly behind: Row;
  /** What comes behind their tier. */
  readonly next: Row;
}

export interface SideOptions {
  readonly direction: Direction;
  readonly set: PolicySet;
  /** The pods, with the numbers that they have in the index. */
  readonly pods: readonly PodEnd[];
  readonly index: PeerIndex;
  readonly grades: GradeTable;
}

export class SideTable {
  /** Groups of peers that no rule tells apart. */
  readonly peers: Groups;
  /** Groups of pods that the same policies hold. */
  readonly owners: Groups;
  private readonly options: SideOptions;
  private readonly table: RuleTable;
  private readonly ports: PortIds;
  /** NetworkPolicies by the pods that they may be about. */
  private readonly policiesOf = new Map<number, TablePolicy[]>();
  private readonly rows: (Row | undefined)[] = [];
  private readonly letRows = new Map<TablePolicy, Map<string, Row>>();

  constructor(options: SideOptions) {
    this.options = options;
    const { direction, set, pods, index, grades } = options;
    this.table = compileRuleTable(set, direction, index);
    const policies = allPoliciesOf(this.table);
    this.ports = new PortIds(
      grades,
      policies.flatMap(({ rules }) => rules.map(({ ports }) => ports)),
    );
    for (const policy of this.table.policies)
      for (const pod of policy.subjects.keys()) pushTo(this.policiesOf, pod, policy);
    const peers = new Partition(index.size);
    peers.splitBy((at) => this.peerText(at));
    this.peers = splitPeers(peers, this.table);
    const owners = new Partition(pods.length);
    owners.splitBy((at) => `${this.ownPorts(at)} ${this.isFoggy(at)}`);
    for (const { subjects } of policies) owners.split([...subjects].filter(([at]) => at < pods.length));
    this.owners = owners.result();
  }

  /** What the policies of a pod let through from or to a peer, as a number of the table of grades. */
  verdict(pod: number, peer: number): number {
    const owner = this.owners.groupOf[pod] ?? 0;
    const row = this.rows[owner] ?? this.computeRow(this.owners.examples[owner] ?? 0);
    this.rows[owner] = row;
    return row[this.peers.groupOf[peer] ?? 0] ?? this.options.grades.none;
  }

  private peerText(at: number): string {
    const end = this.options.index.endAt(at);
    if (end?.kind !== 'pod') return 'outside';
    return `${end.isHostNetwork} ${this.options.direction === 'egress' ? this.ports.keyOf(end) : ''}`;
  }

  private ownPorts(pod: number): string {
    const end = this.options.pods[pod];
    return this.options.direction === 'egress' || end === undefined ? '' : this.ports.keyOf(end);
  }

  /** Whether policies that are not understood, or that could not be listed, may be about the pod. */
  private isFoggy(pod: number): boolean {
    const end = this.options.pods[pod];
    return end !== undefined && fogOver(this.options.set, end.namespace) !== undefined;
  }

  private computeRow(pod: number): Row {
    const { grades, index } = this.options;
    const all = new Int32Array(this.peers.examples.length).fill(grades.all);
    const parts = (this.policiesOf.get(pod) ?? []).flatMap((policy) => this.partOf(policy, pod));
    const next = () => this.applyTiers(this.table.baseline, pod, all);
    const row = this.applyTiers(this.table.admin, pod, this.applyParts(parts, next));
    const isFoggy = this.isFoggy(pod);
    return row.map((id, group) => {
      const peer = index.endAt(this.peers.examples[group] ?? 0);
      const { sure, read } = grades.of(id);
      if (isFoggy) return grades.add({ sure: noPorts, read, possible: allPorts });
      // Pods in the network of a node may be on the own node, which is always let through.
      return peer?.kind === 'pod' && peer.isHostNetwork ? grades.add({ sure, read, possible: allPorts }) : id;
    });
  }

  private partOf(policy: TablePolicy, pod: number): Part[] {
    const grade = policy.subjects.get(pod);
    return grade === undefined ? [] : [{ grade, row: this.letRow(policy, pod) }];
  }

  /** What a policy's rules let through, whoever it is about. */
  private letRow(policy: TablePolicy, pod: number): Row {
    const key = this.ownPorts(pod);
    const rows = this.letRows.get(policy) ?? new Map<string, Row>();
    this.letRows.set(policy, rows);
    const row = rows.get(key) ?? this.computeLetRow(policy, pod);
    rows.set(key, row);
    return row;
  }

  private computeLetRow({ rules }: TablePolicy, pod: number): Row {
    const { grades } = this.options;
    const row = new Int32Array(this.peers.examples.length).fill(grades.none);
    for (const rule of rules)
      eachGroup(rule, this.peers, (group, grade) => {
        const ports = grades.weaken(this.portsOf(rule.ports, pod, group), grade);
        row[group] = grades.unite(row[group] ?? grades.none, ports);
      });
    return row;
  }

  /** Names stand for ports of the pod that is called: the own one for ingress, the peer for egress. */
  private portsOf(terms: PortTerms, pod: number, group: number): number {
    const { direction, pods, index } = this.options;
    const called = direction === 'ingress' ? pods[pod] : index.endAt(this.peers.examples[group] ?? 0);
    return this.ports.of(terms, called);
  }

  /** NetworkPolicies add up; where none isolates the pod, what comes next decides. */
  private applyParts(parts: readonly Part[], next: () => Row): Row {
    const { grades } = this.options;
    const [first, ...rest] = parts;
    if (first === undefined) return next();
    if (parts.every(({ grade }) => grade === sureGrade))
      return first.row.map((id, group) =>
        rest.reduce((sum, { row }) => grades.unite(sum, row[group] ?? grades.none), id),
      );
    return next().map((open, group) => this.weighParts(parts, group, open));
  }

  /** Where it is not known which policies isolate the pod, each choice of them is possible. */
  private weighParts(parts: readonly Part[], group: number, open: number): number {
    const { grades } = this.options;
    const ids = (list: readonly Part[]): number[] => list.map(({ row }) => row[group] ?? grades.none);
    const sum = (list: readonly Part[]): number => ids(list).reduce(grades.unite, grades.none);
    const sureParts = parts.filter(({ grade }) => isSure(grade));
    const readParts = parts.filter(({ grade }) => isRead(grade));
    const least = sureParts.length > 0 ? sum(sureParts) : ids(parts).reduce(grades.meet, open);
    const most = sureParts.length > 0 ? sum(parts) : grades.unite(sum(parts), open);
    const read = readParts.length > 0 ? sum(readParts) : open;
    return grades.add({
      sure: grades.of(least).sure,
      read: grades.of(read).read,
      possible: grades.of(most).possible,
    });
  }

  /** From the last rule to the first: each stands before what comes behind it. */
  private applyTiers(tiers: RuleTable['admin'], pod: number, next: Row): Row {
    const { grades } = this.options;
    return tiers.toReversed().reduce((behind, equals) => {
      const own = equals.filter(({ subjects }) => subjects.has(pod));
      // Among equals any may come first; the one that does decides what it is about.
      const orders = own.map((_, index) => [...own.slice(index), ...own.slice(0, index)]);
      const [first, ...rest] = orders.map((order) => this.applyPolicies(order, pod, { behind, next }));
      const join = (row: Row, other: Row): Row => row.map((id, group) => grades.either(id, other[group] ?? id));
      return rest.reduce(join, first ?? behind);
    }, next);
  }

  private applyPolicies(policies: readonly TablePolicy[], pod: number, { behind, next }: Behind): Row {
    const { grades } = this.options;
    const row = behind.slice();
    for (const { rules, subjects } of policies.toReversed())
      for (const rule of rules.toReversed())
        eachGroup(rule, this.peers, (group, grade) => {
          const about = grades.weaken(this.portsOf(rule.ports, pod, group), grade & (subjects.get(pod) ?? 0));
          const stage = { about, behind: row[group] ?? grades.none, next: next[group] ?? grades.all };
          row[group] = applyAction(grades, rule.action ?? 'Pass', stage);
        });
    return row;
  }
}
