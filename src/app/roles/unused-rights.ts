// Rights that nobody used: grants of the input held against an audit log, with the way to take them away.

import {
  declaredNeeds,
  type DeclaredUse,
  type GrantUse,
  joinUses,
  type Need,
  planRemoval,
  type RemovalPlan,
  roleKey,
  type SubjectUse,
  type Usage,
  useOfGrant,
} from '../../inference/index.ts';
import { type Inventory, prepareInventory } from '../../inventory/index.ts';
import { bindingObjects } from '../../inventory/rights/binding-objects.ts';
import { allBindings, type Binding, type Identity, rulesOf } from '../../inventory/rights/bindings.ts';
import { grantsOf } from '../../inventory/rights/effective-rights.ts';
import type { JsonObject, Snapshot } from '../../model/index.ts';
import { readApp, type ReadWish } from '../read-app.ts';
import type { Outside } from '../outside.ts';
import { bindingView, grantView, openView } from './rights.ts';
import { findSubjects, ownBindings, userOf, usesOf } from './find-subjects.ts';
import { givenObjects } from './given-objects.ts';
import { findIdleTokens, type IdleTokenChange, idleTokenView } from './idle-tokens.ts';
import { type LogOutside, logView, readUsage } from './read-usage.ts';
import { needView, proofView, rbacUser, roleViews, seenView } from './role-views.ts';
import type { GrantUseView, RemovalView, SubjectUnused, UnusedAnswer } from './unused-answer.ts';
import { windowNotes } from './window-notes.ts';

export interface UnusedWish {
  readonly logs: readonly string[];
  /** `sa:shop/web`, `user:jana`; all whom bindings of the input name where empty. */
  readonly subjects: readonly string[];
  readonly reading: ReadWish;
}

export interface PlannedRemoval {
  readonly identity: Identity;
  readonly use: SubjectUse | undefined;
  /** What stays allowed: what was seen, and what the input declares. */
  readonly needs: readonly Need[];
  readonly plan: RemovalPlan;
}

/** The answer, and what else it takes to act on it. */
export interface UnusedReport {
  readonly answer: UnusedAnswer;
  readonly snapshot: Snapshot;
  readonly removals: readonly PlannedRemoval[];
  readonly idle: readonly IdleTokenChange[];
  /** What counts as given beside the plans. */
  readonly given: readonly JsonObject[];
}

function grantUseView(inventory: Inventory, use: GrantUse): GrantUseView {
  const { grant, state, requests, last, used, unused, hasWildcard } = use;
  return {
    ...grantView(inventory, grant),
    state,
    requests,
    ...(last === undefined ? {} : { last: new Date(last).toISOString() }),
    used: used.map(needView),
    unused,
    wildcard: hasWildcard,
  };
}

function removalView({ keep, replacement, remove }: RemovalPlan): RemovalView {
  return {
    keep: keep.map(bindingView),
    apply: roleViews(replacement),
    proof: proofView(replacement),
    remove: remove.map(({ binding, how }) => ({ binding: bindingView(binding), how })),
  };
}

/** Names of roles and bindings of the input, so that a replacement overwrites none. */
function takenNames(inventory: Inventory): ReadonlySet<string> {
  const kinds = ['Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding'];
  const objects = kinds.flatMap((kind) => inventory.ofKind(`rbac.authorization.k8s.io/${kind}`));
  return new Set(objects.map(({ namespace, name }) => roleKey(namespace, name)));
}

interface Facts {
  readonly inventory: Inventory;
  readonly usage: Usage;
  readonly given: readonly JsonObject[];
  readonly taken: ReadonlySet<string>;
  readonly declared: readonly DeclaredUse[];
}

function planFor(identity: Identity, uses: readonly GrantUse[], facts: Facts): PlannedRemoval | undefined {
  const { inventory, usage, given, taken, declared } = facts;
  const name = userOf(identity);
  if (name === undefined) return undefined;
  const [use] = usesOf(usage, identity);
  const said = declared.find(({ user }) => user === name)?.uses ?? [];
  const needs = joinUses([...(use?.needs ?? []), ...said]);
  const plan = planRemoval({
    identity,
    user: rbacUser(name, use),
    needs,
    uses,
    given,
    objectsOf: (binding: Binding) => bindingObjects(inventory, binding),
    taken,
    bindings: allBindings(inventory),
  });
  return plan && { identity, use, needs: needs.map(({ need }) => need), plan };
}

interface Looked {
  readonly view: SubjectUnused;
  readonly removal?: PlannedRemoval;
}

function lookAt(identity: Identity, facts: Facts): Looked {
  const { inventory, usage } = facts;
  const found = usesOf(usage, identity);
  const needs = found.flatMap((each) => each.needs);
  const grants = ownBindings(inventory, identity).flatMap((binding) => grantsOf(inventory, binding, () => true));
  const uses = grants.map((grant) => useOfGrant(grant, needs));
  const removal = planFor(identity, uses, facts);
  const [only] = found;
  return {
    view: {
      subject: identity,
      ...(only !== undefined && found.length === 1 && identity.kind !== 'Group' ? { seen: seenView(only) } : {}),
      grants: uses.map((use) => grantUseView(inventory, use)),
      ...(removal === undefined ? {} : { plan: removalView(removal.plan) }),
      notes: [
        ...windowNotes(inventory, identity, usage.window),
        ...(facts.declared.find(({ user }) => user === userOf(identity))?.notes ?? []),
      ],
    },
    ...(removal === undefined ? {} : { removal }),
  };
}

/** Throws `UserError` as reading does. Nothing is written. */
export async function reportUnused(wish: UnusedWish, outside: Outside & LogOutside): Promise<UnusedReport> {
  const { snapshot } = await readApp(wish.reading, outside);
  const inventory = await prepareInventory(snapshot);
  const { cluster } = snapshot.facts;
  const minor = cluster === undefined ? wish.reading.minor : snapshot.facts.minor;
  const read = await readUsage(wish.logs, minor, outside);
  const given = givenObjects(inventory, { onTop: false, alone: false });
  const declared = declaredNeeds(inventory);
  const facts = { inventory, usage: read.usage, given, taken: takenNames(inventory), declared };
  const looked = findSubjects(inventory, wish.subjects).map((identity) => lookAt(identity, facts));
  const idle = findIdleTokens(inventory, {
    seen: new Set(read.usage.subjects.map(({ user }) => user.name)),
    window: read.usage.window,
  });
  const answer: UnusedAnswer = {
    schema: 'nowwhat.dev/unused-rights/v1',
    ...(cluster === undefined ? {} : { cluster: cluster.context }),
    log: logView(read),
    subjects: looked.map(({ view }) => view),
    tokens: idle.map((each) => idleTokenView(inventory, each)),
    open: allBindings(inventory)
      .filter(({ role }) => rulesOf(inventory, role) === undefined)
      .map(openView),
  };
  return { answer, snapshot, given, idle, removals: looked.flatMap(({ removal }) => removal ?? []) };
}
