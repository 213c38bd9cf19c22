// What moves where when the objects of some namespaces are made anew in others, and what is told of each reference that was met.

import type { JsonObject, Path } from '../../model/index.ts';

/** What is known of the move. All names are of the old place. */
export interface Relocation {
  /** Where the objects of a namespace go. */
  readonly namespaces: ReadonlyMap<string, string>;
  /** Services that go along: `namespace/name`. */
  readonly services: ReadonlySet<string>;
  /** Addresses that the cluster gave to those Services, with `namespace/name`. */
  readonly addresses: ReadonlyMap<string, string>;
  /** Objects that go along: `Kind namespace/name`. */
  readonly objects: ReadonlySet<string>;
  /** Labels of the old namespaces, by their name. */
  readonly labels: ReadonlyMap<string, JsonObject>;
  /** Domains of the cluster, such as `cluster.local`. */
  readonly domains: readonly string[];
  readonly hosts: HostMap;
}

/** What becomes of a public host; `undefined` where no rule says it. */
export interface HostMap {
  /** Of a host that a route answers to; `*` stands for a route without one. */
  readonly ofRoute: (host: string) => string | undefined;
  /** Of a name in a text: a rule for each and every host says nothing there. */
  readonly inText: (host: string) => string | undefined;
}

/** A reference that follows. */
export interface Rewrite {
  readonly path: Path;
  /** Left out where the value is secret: only that it was changed is told. */
  readonly before?: string;
  readonly after?: string;
}

/** What looks like a reference and stays as it is. */
export interface LeftAlone {
  readonly path: Path;
  /** Left out where the value is secret. */
  readonly text?: string;
  readonly reason: string;
}

/** A public host for which no rule says what becomes of it: the object must not be made with it. */
export interface UndecidedHost {
  readonly path: Path;
  /** `*` for all hosts. */
  readonly host: string;
}

/** Hears of what is met on the way. */
export interface Notes {
  readonly rewrites: Rewrite[];
  readonly left: LeftAlone[];
  readonly undecided: UndecidedHost[];
}

export const clusterDomain = 'cluster.local';

export function createNotes(): Notes {
  return { rewrites: [], left: [], undecided: [] };
}
