// Puts findings right in the user's own files: plans the edits, makes them in memory, judges again, and only then writes.

import type { PlannedFix } from '../../checks/index.ts';
import type { DraftFile, EditedFile } from '../../fixes/index.ts';
import { fingerprint } from '../../journey/index.ts';
import type { CheckMeta, Finding, Snapshot, Subject } from '../../model/index.ts';
import { writeFiles } from '../../targets/index.ts';
import { chooseChecks, requireKnown } from '../journey/choose-checks.ts';
import { isAbout } from './about.ts';
import { type ChoiceRule, ChoiceRules } from './choices.ts';
import { UnitEditor } from './edit-units.ts';
import { describeDecision, describeMade, type FixAnswer, leftOf } from './fix-answer.ts';
import type { DecidedFix } from './decided-fix.ts';
import { assembleGoal, isAimedAt, type Target } from './goal.ts';
import { type Judging, judgeSnapshot, type Verdicts } from './judging.ts';
import { networkChecks, type NetworkProof, type NetworkWish, planNetwork, readSeen } from './network-fixes.ts';
import { readFolders } from './read-folders.ts';
import { findSecretsToMake } from './secrets-to-make.ts';
import { type Decide, editInRounds, type Planned, type Rounds } from './rounds.ts';
import { readApp, readOptionsOf, type ReadWish } from '../read-app.ts';
import type { Outside } from '../outside.ts';
import type { Recorded } from '../traffic/read-flows.ts';
import { renderDiff } from './render-diff.ts';

export interface FixWish extends ReadWish {
  /** Only findings of these checks; all that can be fixed where left out. */
  readonly only?: readonly string[] | undefined;
  /** Only what is needed for these levels, and nobody's findings but the developer's. */
  readonly to?: Target | undefined;
  /** Only fixes of these workloads and of what surrounds them. */
  readonly about?: readonly Subject[] | undefined;
  /** Network policies from declared calls; where left out, they are written only to reach a level that asks for them. */
  readonly network?: NetworkWish | undefined;
  /** False where nothing may go into an overlay behind a chart. */
  readonly overlays?: boolean | undefined;
  /** Decisions beside those of nowwhat.yaml; these win. */
  readonly choices?: readonly ChoiceRule[];
  /** Asks a person where no rule has decided; without it what needs no decision is made. */
  readonly decide?: Decide | undefined;
}

export interface FixPlan {
  readonly answer: FixAnswer;
  /** What to write, where the user agrees. */
  readonly files: readonly EditedFile[];
  /** The fixes that are in the files. */
  readonly made: readonly DecidedFix[];
}

/** All files that are not as they were read, and those that are new. */
function changedFiles({ texts }: Snapshot, drafts: readonly DraftFile[]): EditedFile[] {
  const files = drafts.map((draft) => ({
    ...draft,
    text: texts.findIndex(({ file }) => file === draft.file),
    created: [],
  }));
  return files.toSorted((a, b) => (a.file < b.file ? -1 : 1));
}

/** Which checks the user wants put right. */
function aimOf({ only, to, network }: FixWish): (meta: CheckMeta) => boolean {
  const named = only === undefined ? undefined : new Set(only);
  // The word `network` alone asks for policies and for nothing else.
  if (named === undefined && to === undefined && network !== undefined) return ({ id }) => networkChecks.includes(id);
  const isNamed = ({ id }: CheckMeta): boolean =>
    named === undefined || named.has(id) || (network !== undefined && networkChecks.includes(id));
  return (meta) => isNamed(meta) && (to === undefined || isAimedAt(meta, to));
}

/** What others have to do is not done for them without their word: only a check that is named is anybody's. */
function isWanted(fix: PlannedFix, wish: FixWish, aim: (meta: CheckMeta) => boolean): boolean {
  const { check } = fix;
  if (wish.about !== undefined && !isAbout(fix, wish.about)) return false;
  const isMine = wish.to === undefined || wish.only?.includes(check.id) === true || check.owner === 'developer';
  return isMine && aim(check);
}

interface Edited extends Rounds {
  readonly after: Verdicts;
  readonly network?: NetworkProof;
}

/** Policies come last: they name labels and ports as they are by then. */
async function closeNetwork(
  planned: Planned,
  rounds: Rounds,
  wish: FixWish,
  recorded: readonly Recorded[],
): Promise<Edited> {
  const { judging } = planned;
  const after = await judgeSnapshot(rounds.snapshot, judging);
  const aim = aimOf(wish);
  const open = after.failures.find(({ check }) => networkChecks.includes(check));
  const isAsked = wish.network !== undefined || (wish.to !== undefined && open !== undefined);
  const meta = judging.checks.find((check) => check.meta.id === open?.check && aim(check.meta))?.meta;
  if (!isAsked || meta === undefined) return { ...rounds, after };
  const asked = wish.network ?? { answers: new Map(), flows: [] };
  const { fixes, proof } = await planNetwork(rounds.snapshot, {
    meta,
    wish: asked,
    former: planned.snapshot,
    recorded,
  });
  const made = await editInRounds({ ...planned, ...rounds, before: after.failures, fixes }, rounds.files);
  return {
    snapshot: made.snapshot,
    made: [...rounds.made, ...made.made],
    refused: [...rounds.refused, ...made.refused],
    open: rounds.open,
    files: rounds.files,
    after: await judgeSnapshot(made.snapshot, judging),
    network: proof,
  };
}

interface Assembled {
  readonly wish: FixWish;
  readonly snapshot: Snapshot;
  readonly metas: readonly CheckMeta[];
  readonly before: Verdicts;
  readonly edited: Edited;
  readonly units: ReturnType<UnitEditor['results']>;
  readonly notices: readonly string[];
}

/** Checks whose findings the user has taken into the bargain, or that saw nothing before. */
function pricesOf(made: readonly DecidedFix[]): ReadonlySet<string> {
  return new Set(
    made.flatMap(({ check, choice, choices }) => [
      ...(check.hides ?? []),
      ...(choices.find(({ id }) => id === choice)?.leavesOpen ?? []),
    ]),
  );
}

function proofOf({ before, edited }: Assembled): FixAnswer['proof'] {
  const known = new Set(before.failures.map(fingerprint));
  const prices = pricesOf(edited.made);
  const { failures } = edited.after;
  const found = failures.filter((finding) => !known.has(fingerprint(finding)));
  const isPrice = ({ check }: Finding): boolean => prices.has(check) || prices.has('*');
  const tell = ({ check, subject, message }: Finding) => ({ check, subject, message });
  return {
    before: before.failures.length,
    after: failures.length,
    opened: found.filter((finding) => !isPrice(finding)).map(tell),
    expected: found.filter(isPrice).map(tell),
  };
}

function assemble(input: Assembled): FixPlan {
  const { wish, snapshot, metas, before, edited, units, notices } = input;
  const { after, made, refused, network } = edited;
  const files = changedFiles(snapshot, [...edited.files.changed(), ...units.files]);
  const decisions = edited.open.map(describeDecision);
  const secrets = findSecretsToMake(snapshot, edited.snapshot);
  const { to: target } = wish;
  const answer: FixAnswer = {
    schema: 'nowwhat.dev/fix/v1',
    files: files.map((file) => ({
      file: file.file,
      isNew: file.before === undefined,
      diff: renderDiff(snapshot, file),
    })),
    fixed: made.map(describeMade),
    refused,
    decisions,
    left: leftOf(after.failures, metas.filter(aimOf(wish)), decisions),
    unreadable: snapshot.unreadable,
    notices,
    proof: proofOf(input),
    ...(units.renderings.length === 0 ? {} : { renderings: units.renderings }),
    ...(network === undefined ? {} : { network }),
    ...(secrets.length === 0 ? {} : { secrets }),
    ...(target === undefined ? {} : { goal: assembleGoal({ target, metas, before, after, made }) }),
  };
  return { answer, files, made };
}

/** A rule decides first; a person is asked about the rest. */
function decideWith(rules: ChoiceRules, ask: Decide | undefined): Decide {
  if (ask === undefined) return async (fix) => rules.decide(fix);
  return async (fix, preview) => (fix.choices.length === 0 ? undefined : rules.decide(fix)) ?? ask(fix, preview);
}

/** Reads, plans, edits in memory and judges again. Nothing is written. Throws `UserError` as reading does, and for choices that there are not. */
export async function planFix(wish: FixWish, outside: Outside): Promise<FixPlan> {
  const { snapshot, settings } = await readApp(wish, outside);
  const { checks } = await chooseChecks({}, settings);
  const { allowedRegistries = [], exceptions = [], choices = [] } = settings.config;
  const metas = checks.map(({ meta }) => meta);
  const given = [...(wish.choices ?? []), ...choices];
  requireKnown(
    given.map(({ check }) => check),
    metas.map(({ id }) => id),
  );
  const recorded = await readSeen(wish.network, outside.stdin);
  const rules = new ChoiceRules(given);
  const options = { minor: snapshot.facts.minor, today: outside.today, allowedRegistries };
  const judging: Judging = { checks, exceptions, options };
  outside.progress(`judging ${snapshot.objects.length} objects`);
  const before = await judgeSnapshot(snapshot, judging);
  const aim = aimOf(wish);
  const units = new UnitEditor({
    options: readOptionsOf(wish, settings, outside),
    overlays: wish.overlays !== false,
    settings,
    input: wish.inputs[0] ?? '.',
  });
  const planned: Planned = {
    snapshot,
    judging,
    before: before.failures,
    isWanted: (fix) => isWanted(fix, wish, aim),
    decide: decideWith(rules, wish.decide),
    meet: (fixes) => rules.meet(fixes),
    folders: await readFolders(snapshot),
    units,
  };
  const close = (): void => units.close();
  const make = async (): Promise<FixPlan> => {
    const rounds = await editInRounds(planned);
    rules.requireOffered();
    const edited = await closeNetwork(planned, rounds, wish, recorded);
    const notices = rules.notices(wish.choices ?? []);
    return assemble({ wish, snapshot, metas, before, edited, units: units.results(), notices });
  };
  return await (outside.whileRunning?.(close, make) ?? make()).finally(close);
}

/** Writes all files of a plan, or none. Throws `UserError` where one has changed since it was read. */
export async function applyFix({ files }: FixPlan): Promise<void> {
  await writeFiles(files.map((file) => (file.executable === true ? { ...file, mode: 0o755 } : file)));
}
