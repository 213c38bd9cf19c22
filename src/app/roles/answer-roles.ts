// Roles from evidence: reads the log and the input, infers the roles of each subject, and replays.

import {
  inferRoles,
  type InferredRoles,
  needText,
  type NeedUse,
  notesOn,
  type SubjectUse,
  type Widening,
} from '../../inference/index.ts';
import { type Inventory, prepareInventory } from '../../inventory/index.ts';
import { accountGroups, parseAccountUser, type RbacUser } from '../../kube/rbac-authorizer.ts';
import type { JsonObject, Snapshot } from '../../model/index.ts';
import { type Outside, readApp, type ReadWish } from '../read-app.ts';
import { chooseSubjects } from './choose-subjects.ts';
import { givenObjects } from './given-objects.ts';
import { type LogOutside, logView, readUsage, type ReadUsage, windowView } from './read-usage.ts';
import type { GivenView, NeedView, RolesAnswer, RoleView, SubjectRoles } from './roles-answer.ts';

export interface RolesWish {
  /** Files, or `-`. */
  readonly logs: readonly string[];
  /** `sa:shop/web`, `user:jana`, or user names; all of the input or of the log where empty. */
  readonly subjects: readonly string[];
  /** Files or a cluster; left out where the log is all there is. */
  readonly reading?: ReadWish | undefined;
  readonly widen: readonly Widening[];
  /** Name of all roles and bindings; made from the subject where left out. */
  readonly name?: string | undefined;
  /** What the bindings of the input give counts as given. */
  readonly onTop: boolean;
  /** Counts on nothing, not even on the rights that every cluster gives to everybody. */
  readonly alone: boolean;
  /** Of the cluster whose log it is, where the user says it. */
  readonly minor?: number | undefined;
}

export type RolesOutside = Outside & LogOutside;

interface Source {
  readonly snapshot: Snapshot;
  readonly inventory: Inventory;
}

/** Groups as the log has them; those of every login where it does not. */
function rbacUser(name: string, use: SubjectUse | undefined): RbacUser {
  const account = parseAccountUser(name);
  const usual = account === undefined ? ['system:authenticated'] : accountGroups(account.namespace);
  return { name, groups: [...new Set([...(use?.user.groups ?? []), ...usual])] };
}

function needView({ need, events, declared, ...span }: NeedUse): NeedView {
  return { ...need, requests: events, ...windowView(span), ...(declared.length === 0 ? {} : { declared }) };
}

function roleViews({ roles }: InferredRoles): RoleView[] {
  return roles.map(({ role, binding, restOn }) => ({
    role,
    binding,
    restOn: restOn.map((uses) => uses.map(needView)),
  }));
}

function givenViews({ given }: InferredRoles): GivenView[] {
  const byGrant = new Map<string, GivenView>();
  for (const { use, by } of given) {
    const { needs, requests } = byGrant.get(by) ?? { needs: 0, requests: 0 };
    byGrant.set(by, { by, needs: needs + 1, requests: requests + use.events });
  }
  return [...byGrant.values()];
}

function seenView(use: SubjectUse): NonNullable<SubjectRoles['seen']> {
  const { events, denied, pods, window } = use;
  return { requests: events, denied, pods, ...windowView(window) };
}

interface Inferring {
  readonly wish: RolesWish;
  readonly given: readonly JsonObject[];
  readonly minor: number | undefined;
}

function inferFor(name: string, use: SubjectUse | undefined, { wish, given, minor }: Inferring): SubjectRoles {
  const uses = use?.needs ?? [];
  const inferred = inferRoles(rbacUser(name, use), uses, { widen: wish.widen, given, name: wish.name });
  const { needs, allowedNeeds, granted, beyond, missing } = inferred.proof;
  const facts = { widen: wish.widen, minor };
  return {
    subject: inferred.subject,
    ...(use === undefined ? {} : { seen: seenView(use) }),
    roles: roleViews(inferred),
    given: givenViews(inferred),
    proof: { needs, allowed: allowedNeeds, missing: missing.map(({ need }) => needText(need)), granted, beyond },
    notes: notesOn(
      uses.map(({ need }) => need),
      use,
      facts,
    ),
  };
}

async function readSource({ reading }: RolesWish, outside: Outside): Promise<Source | undefined> {
  if (reading === undefined) return undefined;
  const { snapshot } = await readApp(reading, outside);
  return { snapshot, inventory: await prepareInventory(snapshot) };
}

/** The version counts where somebody has said it: a default of ours would widen roles. */
function minorOf({ minor }: RolesWish, source: Source | undefined): number | undefined {
  return minor ?? (source?.snapshot.facts.cluster === undefined ? undefined : source.snapshot.facts.minor);
}

/** Throws `UserError` as reading does. Nothing is written. */
export async function answerRoles(wish: RolesWish, outside: RolesOutside): Promise<RolesAnswer> {
  const source = await readSource(wish, outside);
  const minor = minorOf(wish, source);
  const read: ReadUsage | undefined = wish.logs.length === 0 ? undefined : await readUsage(wish.logs, minor, outside);
  const uses = read?.usage.subjects ?? [];
  const { users, leftOut } = chooseSubjects(uses, wish.subjects, source?.inventory);
  const byUser = new Map(uses.map((use) => [use.user.name, use]));
  const inferring = { wish, given: givenObjects(source?.inventory, wish), minor };
  return {
    schema: 'nowwhat.dev/roles/v1',
    ...(read === undefined ? {} : { log: logView(read) }),
    widened: wish.widen,
    subjects: users.map((name) => inferFor(name, byUser.get(name), inferring)),
    leftOut,
  };
}
