// Roles from evidence: reads the log and the input, infers the roles of each subject, and replays.

import {
  declaredNeeds,
  type DeclaredUse,
  inferRoles,
  joinUses,
  notesOn,
  type SubjectUse,
  type Widening,
} from '../../inference/index.ts';
import { type Inventory, prepareInventory } from '../../inventory/index.ts';
import type { JsonObject, Snapshot } from '../../model/index.ts';
import { readApp, type ReadWish } from '../read-app.ts';
import type { Outside } from '../outside.ts';
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
  /** What counts as evidence: requests of the log, calls that the input declares, or both. */
  readonly from: 'log' | 'declared' | 'both';
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

/** What is known of one user. */
interface Evidence {
  readonly name: string;
  readonly seen?: SubjectUse | undefined;
  readonly declared?: DeclaredUse | undefined;
}

function inferFor({ name, seen, declared }: Evidence, { wish, given, minor }: Inferring): SubjectRoles {
  const uses = joinUses([...(seen?.needs ?? []), ...(declared?.uses ?? [])]);
  const inferred = inferRoles(rbacUser(name, seen), uses, { widen: wish.widen, given, name: wish.name });
  const needs = uses.map(({ need }) => need);
  return {
    subject: inferred.subject,
    ...(seen === undefined ? {} : { seen: seenView(seen) }),
    roles: roleViews(inferred),
    given: givenViews(inferred),
    proof: proofView(inferred),
    notes: [...notesOn(needs, seen, { widen: wish.widen, minor }), ...(declared?.notes ?? [])],
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

function readDeclared({ from }: RolesWish, source: Source | undefined): readonly DeclaredUse[] {
  return source === undefined || from === 'log' ? [] : declaredNeeds(source.inventory);
}

/** Throws `UserError` as reading does. Nothing is written. */
export async function answerRoles(wish: RolesWish, outside: RolesOutside): Promise<RolesAnswer> {
  const source = await readSource(wish, outside);
  const minor = minorOf(wish, source);
  const hasLog = wish.logs.length > 0 && wish.from !== 'declared';
  const read: ReadUsage | undefined = hasLog ? await readUsage(wish.logs, minor, outside) : undefined;
  const uses = read?.usage.subjects ?? [];
  const declared = readDeclared(wish, source);
  const { users, leftOut } = chooseSubjects(uses, wish.subjects, source?.inventory);
  const all = wish.subjects.length > 0 ? users : [...new Set([...users, ...declared.map(({ user }) => user)])].sort();
  const inferring = { wish, given: givenObjects(source?.inventory, wish), minor };
  const evidenceOf = (name: string): Evidence => ({
    name,
    seen: uses.find(({ user }) => user.name === name),
    declared: declared.find(({ user }) => user === name),
  });
  return {
    schema: 'nowwhat.dev/roles/v1',
    ...(read === undefined ? {} : { log: logView(read) }),
    widened: wish.widen,
    subjects: all.map((name) => inferFor(evidenceOf(name), inferring)),
    leftOut: leftOut.filter(({ user }) => !all.includes(user)),
  };
}
