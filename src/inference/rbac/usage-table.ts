// Gathers what an audit log shows of each user: memory grows with what is asked for, and not with how often.

import type { AuditRecord, AuditUser } from '../../kube/audit/index.ts';
import { earliest, isExpressible, isResourceNeed, latest, type Need, needKey, type NeedUse } from './need.ts';
import { needsOfRequest, needsToImpersonate } from './needs-of-record.ts';

/** Requests whose stages are remembered, so that none counts twice. */
const recentRequests = 65_536;

/** Names of one verb on one resource in one place; more become "any name", which is told. */
const mostNames = 2000;

/** Pods that are told apart for each user. */
const mostPods = 1000;

/** A span of time: milliseconds since 1970. */
export interface Window {
  readonly first: number;
  readonly last: number;
}

/** What the log shows of one user. */
export interface SubjectUse {
  readonly user: { readonly name: string; readonly groups: readonly string[] };
  /** Allowed requests. */
  readonly events: number;
  readonly denied: number;
  readonly window?: Window;
  readonly needs: readonly NeedUse[];
  /** Needs that stand for so many names that these were not kept one by one. */
  readonly collapsed: readonly Need[];
  /** Requests that no rule can say, such as for a resource called `*`. */
  readonly inexpressible: number;
  /** Pods that the requests came from, as far as tokens say so; 1000 at most. */
  readonly pods: number;
}

export interface Usage {
  readonly subjects: readonly SubjectUse[];
  readonly window?: Window;
  /** Requests with an outcome, of everybody. */
  readonly requests: number;
  readonly allowed: number;
  readonly denied: number;
  /** Events without an outcome: the stage before one, or an error before anybody was asked. */
  readonly undecided: number;
  /** Further stages and copies of requests that count already. */
  readonly repeated: number;
}

class Span {
  first: number | undefined;
  last: number | undefined;

  add(time: number | undefined): void {
    this.first = earliest(this.first, time);
    this.last = latest(this.last, time);
  }

  get window(): Window | undefined {
    const { first, last } = this;
    return first === undefined || last === undefined ? undefined : { first, last };
  }
}

interface Counted {
  readonly need: Need;
  readonly span: Span;
  events: number;
}

/** Names of one verb on one resource in one place. */
interface Names {
  readonly keys: string[];
  isFull: boolean;
}

function withoutName(need: Need): Need {
  if (!isResourceNeed(need)) return need;
  const { name: _, ...rest } = need;
  return rest;
}

class SubjectTable {
  readonly name: string;
  readonly groups = new Set<string>();
  readonly span = new Span();
  events = 0;
  denied = 0;
  inexpressible = 0;
  private readonly counted = new Map<string, Counted>();
  private readonly names = new Map<string, Names>();
  private readonly pods = new Set<string>();

  constructor(name: string) {
    this.name = name;
  }

  meet({ groups, extra }: AuditUser, time: number | undefined): void {
    for (const group of groups) this.groups.add(group);
    const [pod] = extra['authentication.kubernetes.io/pod-name'] ?? [];
    if (pod !== undefined && this.pods.size < mostPods) this.pods.add(pod);
    this.span.add(time);
  }

  need(wanted: Need, time: number | undefined): void {
    if (!isExpressible(wanted)) {
      this.inexpressible += 1;
      return;
    }
    const need = this.limitNames(wanted);
    const key = needKey(need);
    const known = this.counted.get(key) ?? { need, span: new Span(), events: 0 };
    known.events += 1;
    known.span.add(time);
    this.counted.set(key, known);
  }

  private limitNames(need: Need): Need {
    if (!isResourceNeed(need) || need.name === undefined || this.counted.has(needKey(need))) return need;
    const unnamed = withoutName(need);
    const baseKey = needKey(unnamed);
    const names = this.names.get(baseKey) ?? { keys: [], isFull: false };
    this.names.set(baseKey, names);
    if (names.isFull) return unnamed;
    names.keys.push(needKey(need));
    if (names.keys.length <= mostNames) return need;
    this.collapse(unnamed, names);
    return unnamed;
  }

  private collapse(unnamed: Need, names: Names): void {
    const whole = this.counted.get(needKey(unnamed)) ?? { need: unnamed, span: new Span(), events: 0 };
    for (const key of names.keys) {
      const one = this.counted.get(key);
      whole.events += one?.events ?? 0;
      whole.span.add(one?.span.first);
      whole.span.add(one?.span.last);
      this.counted.delete(key);
    }
    names.keys.length = 0;
    names.isFull = true;
    this.counted.set(needKey(unnamed), whole);
  }

  result(): SubjectUse {
    const { window } = this.span;
    const full = [...this.names].filter(([, { isFull }]) => isFull).map(([key]) => this.counted.get(key)?.need);
    return {
      user: { name: this.name, groups: [...this.groups] },
      events: this.events,
      denied: this.denied,
      ...(window === undefined ? {} : { window }),
      needs: [...this.counted.values()].map(({ need, events, span }) => ({
        need,
        events,
        ...span.window,
        declared: [],
      })),
      collapsed: full.filter((need) => need !== undefined),
      inexpressible: this.inexpressible,
      pods: this.pods.size,
    };
  }
}

/** Remembers the last so many texts. The oldest one is found by its place: a Set has to look for its first. */
class Recent {
  private readonly known = new Set<string>();
  private readonly places: string[] = [];
  private next = 0;

  /** True where it was not known. */
  add(id: string): boolean {
    if (this.known.has(id)) return false;
    const oldest = this.places[this.next];
    if (oldest !== undefined) this.known.delete(oldest);
    this.known.add(id);
    this.places[this.next] = id;
    this.next = (this.next + 1) % recentRequests;
    return true;
  }
}

export interface UsageOptions {
  /** Of the cluster, 1.N as N; left out where it is not known. */
  readonly minor?: number | undefined;
}

export class UsageTable {
  private readonly minor: number | undefined;
  private readonly subjects = new Map<string, SubjectTable>();
  private readonly recent = new Recent();
  private readonly span = new Span();
  private allowed = 0;
  private denied = 0;
  private undecided = 0;
  private repeated = 0;

  constructor({ minor }: UsageOptions) {
    this.minor = minor;
  }

  take(record: AuditRecord): void {
    this.span.add(record.time);
    if (record.decision === 'unknown') this.undecided += 1;
    else if (record.id !== '' && !this.recent.add(record.id)) this.repeated += 1;
    else if (record.decision === 'denied') this.refuse(record);
    else this.allow(record);
  }

  private subjectOf(user: AuditUser, time: number | undefined): SubjectTable {
    const known = this.subjects.get(user.name) ?? new SubjectTable(user.name);
    this.subjects.set(user.name, known);
    known.meet(user, time);
    return known;
  }

  /** Of no use but to be told: what was refused is no need. */
  private refuse({ user, impersonated, time }: AuditRecord): void {
    this.denied += 1;
    this.subjectOf(impersonated ?? user, time).denied += 1;
  }

  private allow(record: AuditRecord): void {
    const { user, impersonated, time } = record;
    this.allowed += 1;
    const subject = this.subjectOf(impersonated ?? user, time);
    subject.events += 1;
    for (const need of needsOfRequest(record, this.minor)) subject.need(need, time);
    if (impersonated === undefined) return;
    const speaker = this.subjectOf(user, time);
    speaker.events += 1;
    for (const need of needsToImpersonate(impersonated)) speaker.need(need, time);
  }

  result(): Usage {
    const { window } = this.span;
    const { allowed, denied, undecided, repeated } = this;
    return {
      subjects: [...this.subjects.values()].map((subject) => subject.result()),
      ...(window === undefined ? {} : { window }),
      requests: allowed + denied,
      allowed,
      denied,
      undecided,
      repeated,
    };
  }
}
