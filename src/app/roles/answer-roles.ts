// Roles from evidence: reads the log and the input, infers the roles of each subject, and replays.

import { inferRoles, notesOn, type SubjectUse, type Widening } from '../../inference/index.ts';
import { type Inventory, prepareInventory } from '../../inventory/index.ts';
import type { JsonObject, Snapshot } from '../../model/index.ts';
import { type Outside, readApp, type ReadWish } from '../read-app.ts';
import { chooseSubjects } from './choose-subjects.ts';
import { givenObjects } from './given-objects.ts';
import { type LogOutside, logView, readUsage, type ReadUsage } from './read-usage.ts';
import { givenViews, proofView, rbacUser, roleViews, seenView } from './role-views.ts';
import type { RolesAnswer, SubjectRoles } from './roles-answer.ts';

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

interface Inferring {
  readonly wish: RolesWish;
  readonly given: readonly JsonObject[];
  readonly minor: number | undefined;
}

function inferFor(name: string, use: SubjectUse | undefined, { wish, given, minor }: Inferring): SubjectRoles {
  const uses = use?.needs ?? [];
  const inferred = inferRoles(rbacUser(name, use), uses, { widen: wish.widen, given, name: wish.name });
  const needs = uses.map(({ need }) => need);
  return {
    subject: inferred.subject,
    ...(use === undefined ? {} : { seen: seenView(use) }),
    roles: roleViews(inferred),
    given: givenViews(inferred),
    proof: proofView(inferred),
    notes: notesOn(needs, use, { widen: wish.widen, minor }),
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
