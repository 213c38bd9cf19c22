// Which API versions a Kubernetes release serves, and where an object of a deprecated or removed one should move.

import { pushTo } from '../../model/index.ts';
import { parseApiVersion } from '../api-version.ts';
import { type ApiLifecycle, apiLifecycles, type ApiTarget } from './lifecycle-table.ts';
import { findMigrationNote } from './migration-notes.ts';

export type { ApiComponent, ApiLifecycle, ApiTarget } from './lifecycle-table.ts';

export interface ApiJudgement {
  readonly state: 'current' | 'deprecated' | 'removed' | 'not-yet';
  readonly lifecycle: ApiLifecycle;
  /** The best version that the judged release serves; else the one that the lifecycle names. */
  readonly replacement?: ApiTarget;
  /** False where the replacement is not served yet by the judged release. */
  readonly replacementAvailable: boolean;
  /** What changes with the replacement, apart from the version. */
  readonly note?: string;
}

const byKey = new Map<string, ApiLifecycle>();
const byGroupKind = new Map<string, ApiLifecycle[]>();
for (const lifecycle of apiLifecycles) byKey.set(`${lifecycle.apiVersion} ${lifecycle.kind}`, lifecycle);
for (const lifecycle of byKey.values()) {
  const key = `${parseApiVersion(lifecycle.apiVersion).group} ${lifecycle.kind}`;
  pushTo(byGroupKind, key, lifecycle);
}

/** `1.25` as 1025, so that versions compare as numbers. */
function rank(version: string): number {
  const [major, minor] = version.split('.').map(Number);
  return (major ?? 0) * 1000 + (minor ?? 0);
}

/** Version names from best to worst: v2, v1, v2beta2, v1beta1, v1alpha1. */
function stability(apiVersion: string): number {
  const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(parseApiVersion(apiVersion).version);
  if (match === null) return 0;
  const [, major, stage, number] = match;
  const stageRank = stage === undefined ? 2 : stage === 'beta' ? 1 : 0;
  return stageRank * 1e6 + Number(major) * 1e3 + Number(number ?? 0);
}

const isServed = ({ introducedIn, removedIn }: ApiLifecycle, release: number): boolean =>
  (introducedIn === undefined || rank(introducedIn) <= release) &&
  (removedIn === undefined || release < rank(removedIn));

function siblingsOf({ apiVersion, kind }: ApiTarget): readonly ApiLifecycle[] {
  return byGroupKind.get(`${parseApiVersion(apiVersion).group} ${kind}`) ?? [];
}

function bestOf(candidates: readonly ApiLifecycle[]): ApiLifecycle | undefined {
  return candidates.toSorted((a, b) => stability(b.apiVersion) - stability(a.apiVersion))[0];
}

/** Where nothing is stated, a more stable version of the same group and kind is the successor. */
function withReplacement(lifecycle: ApiLifecycle): ApiLifecycle {
  const { replacement, deprecatedIn, removedIn } = lifecycle;
  if (replacement !== undefined || (deprecatedIn === undefined && removedIn === undefined)) return lifecycle;
  const better = siblingsOf(lifecycle).filter((one) => stability(one.apiVersion) > stability(lifecycle.apiVersion));
  const best = bestOf(better);
  return best === undefined
    ? lifecycle
    : { ...lifecycle, replacement: { apiVersion: best.apiVersion, kind: best.kind } };
}

/** The lifecycle of a kind (also of its `…List`), or `undefined` for one this program knows nothing of: custom kinds. */
export function lifecycleOf(apiVersion: string, kind: string): ApiLifecycle | undefined {
  const own = byKey.get(`${apiVersion} ${kind}`);
  if (own !== undefined) return withReplacement(own);
  const item = kind.endsWith('List') ? lifecycleOf(apiVersion, kind.slice(0, -'List'.length)) : undefined;
  if (item === undefined) return undefined;
  const list: ApiLifecycle = { ...item, kind };
  const { replacement } = item;
  return replacement === undefined
    ? list
    : { ...list, replacement: { ...replacement, kind: `${replacement.kind}List` } };
}

/** Siblings of the object and of its stated successors, which may live in another group. */
function successorsOf(lifecycle: ApiLifecycle): ApiLifecycle[] {
  const found = new Set<ApiLifecycle>();
  let current: ApiLifecycle | undefined = lifecycle;
  while (current !== undefined && !found.has(current)) {
    for (const sibling of siblingsOf(current)) found.add(sibling);
    const next: ApiTarget | undefined = withReplacement(current).replacement;
    current = next === undefined ? undefined : byKey.get(`${next.apiVersion} ${next.kind}`);
    if (current !== undefined && found.has(current)) break;
  }
  return [...found];
}

function findReplacement(lifecycle: ApiLifecycle, release: number): { target?: ApiTarget; available: boolean } {
  const usable = successorsOf(lifecycle).filter(
    (one) => isServed(one, release) && stability(one.apiVersion) > stability(lifecycle.apiVersion),
  );
  const best = bestOf(usable);
  if (best !== undefined) return { target: { apiVersion: best.apiVersion, kind: best.kind }, available: true };
  const { replacement } = lifecycle;
  if (replacement === undefined) return { available: false };
  const known = byKey.get(`${replacement.apiVersion} ${replacement.kind}`);
  return { target: replacement, available: known === undefined || isServed(known, release) };
}

function stateAt({ introducedIn, deprecatedIn, removedIn }: ApiLifecycle, release: number): ApiJudgement['state'] {
  if (removedIn !== undefined && rank(removedIn) <= release) return 'removed';
  if (introducedIn !== undefined && release < rank(introducedIn)) return 'not-yet';
  return deprecatedIn !== undefined && rank(deprecatedIn) <= release ? 'deprecated' : 'current';
}

/**
 * Whether Kubernetes 1.`minor` serves a kind, or `undefined` for a kind that is not known. For another component's kind,
 * whose release is not known here, the newest release is assumed: all of them in the table were removed years ago.
 */
export function judgeApi(apiVersion: string, kind: string, minor: number): ApiJudgement | undefined {
  const lifecycle = lifecycleOf(apiVersion, kind);
  if (lifecycle === undefined) return undefined;
  const release = lifecycle.component === 'kubernetes' ? 1000 + minor : Number.POSITIVE_INFINITY;
  const state = stateAt(lifecycle, release);
  if (state === 'current') return { state, lifecycle, replacementAvailable: false };
  const { target, available } = findReplacement(lifecycle, release);
  const note = findMigrationNote(apiVersion, kind);
  return {
    state,
    lifecycle,
    ...(target === undefined ? {} : { replacement: target }),
    replacementAvailable: available,
    ...(note === undefined ? {} : { note }),
  };
}
