// The rounds of a fix: plans, lets the user decide, edits in memory, judges again, until nothing more comes to light.

import { type PlannedFix, planFixes, toSubject } from '../../checks/index.ts';
import { editFiles, FileDrafts, type Folders, withEditedFiles } from '../../fixes/index.ts';
import { prepareInventory } from '../../inventory/index.ts';
import { type Change, type Finding, isEmptyChange, type Snapshot } from '../../model/index.ts';
import { renderDiff } from './render-diff.ts';
import type { UnitEditor } from './edit-units.ts';
import { describeFix, keyOf, type RefusedFix, subjectOf } from './fix-answer.ts';
import type { DecidedFix } from './decided-fix.ts';
import { type Judging, judgeSnapshot } from './judging.ts';
import { isRendered } from './unit-of.ts';
import type { FailsIn } from './unshared.ts';

/** What is shown of a fix before it is decided: the diffs of the files that it would change, or why it cannot be made. */
export type Preview = (change: Change) => { readonly diffs: readonly string[]; readonly reason?: string };

/** Asked about every finding that a fix is known for: the fix to make, or nothing to leave it. */
export type Decide = (fix: PlannedFix, preview: Preview) => Promise<DecidedFix | undefined>;

export interface Planned {
  readonly snapshot: Snapshot;
  readonly judging: Judging;
  readonly before: readonly Finding[];
  /** Findings that are put right. */
  readonly isWanted: (fix: PlannedFix) => boolean;
  readonly decide: Decide;
  /** Hears of all findings of a round before any of them is decided. */
  readonly meet: (fixes: readonly PlannedFix[]) => void;
  readonly folders: Folders;
  /** Where charts and kustomizations are edited and rendered again. */
  readonly units: UnitEditor;
  /** These, once, instead of what the checks know. */
  readonly fixes?: readonly PlannedFix[];
}

/** Fixes of what fails and is not excepted. */
export async function planOpenFixes({
  snapshot,
  judging,
  before,
  isWanted,
}: Pick<Planned, 'snapshot' | 'judging' | 'before' | 'isWanted'>): Promise<readonly PlannedFix[]> {
  const open = new Set(before.map(({ check, subject }) => keyOf(check, subject)));
  const planned = planFixes(judging.checks, await prepareInventory(snapshot), judging.options);
  return planned.filter((fix) => isWanted(fix) && open.has(keyOf(fix.check.id, subjectOf(fix))));
}

function previewIn(snapshot: Snapshot, folders: Folders): Preview {
  return (change) => {
    if (isRendered(change))
      return { diffs: ['(rendered from files of yours: their edits are shown before they are written)'] };
    const { files, refused } = editFiles(snapshot, [change], folders);
    const [reason] = refused.map((each) => each.reason);
    return {
      diffs: files.map((file) => renderDiff(snapshot, file)),
      ...(reason === undefined ? {} : { reason }),
    };
  };
}

/** Remembers what was left, so that nobody is asked twice. */
function askOnce(decide: Decide): Decide {
  const left = new Set<string>();
  return async (fix, preview) => {
    // What was a choice may be clear by now, as another edit has settled it: that is another question.
    const key = `${keyOf(fix.check.id, subjectOf(fix))}\n${fix.message}\n${fix.choices.length > 0}`;
    if (left.has(key)) return undefined;
    const decided = await decide(fix, preview);
    if (decided === undefined) left.add(key);
    return decided;
  };
}

export interface Rounds {
  readonly snapshot: Snapshot;
  readonly made: readonly DecidedFix[];
  readonly refused: readonly RefusedFix[];
  /** Findings that wait for the user to choose. */
  readonly open: readonly PlannedFix[];
  /** Files that are not as they were read; those of charts and kustomizations are the editor's to tell. */
  readonly files: FileDrafts;
}

/** What one edit brings to light, such as a field that another check looks at, is put right in the next round. */
const mostRounds = 5;

interface Decided {
  readonly wishes: readonly DecidedFix[];
  readonly open: readonly PlannedFix[];
}

/** True where a fix of the same container is made in this round that may leave nothing to decide. */
function isFirstSettled({ check, object, container }: PlannedFix, wishes: readonly PlannedFix[]): boolean {
  const { follows = [] } = check;
  return wishes.some(
    (wish) => follows.includes(wish.check.id) && wish.object === object && wish.container === container,
  );
}

/** Each fix as it was decided, in the order in which they were planned. What another fix may settle waits for the next round. */
export async function decideAll(fixes: readonly PlannedFix[], decide: Decide, preview: Preview): Promise<Decided> {
  const places = new Map(fixes.map((fix, place) => [fix, place]));
  const wishes: [PlannedFix, DecidedFix][] = [];
  const open: PlannedFix[] = [];
  const inOrder = [...fixes].sort(
    (a, b) => Number(a.check.follows !== undefined) - Number(b.check.follows !== undefined),
  );
  for (const fix of inOrder) {
    if (isEmptyChange(fix) && fix.choices.length === 0) continue;
    const made = wishes.map(([, wish]) => wish);
    if (isFirstSettled(fix, made)) continue;
    const decided = await decide(fix, preview);
    if (decided === undefined) open.push(fix);
    else if (!isEmptyChange(decided)) wishes.push([fix, decided]);
  }
  const placeOf = (fix: PlannedFix): number => places.get(fix) ?? 0;
  return {
    wishes: wishes.sort(([a], [b]) => placeOf(a) - placeOf(b)).map(([, wish]) => wish),
    open: open.filter(({ choices }) => choices.length > 0).sort((a, b) => placeOf(a) - placeOf(b)),
  };
}

interface Round {
  readonly snapshot: Snapshot;
  readonly made: readonly DecidedFix[];
  readonly refused: readonly RefusedFix[];
}

/** Plain files in memory, charts and kustomizations in copies that are rendered again. */
async function editAll(
  snapshot: Snapshot,
  wishes: readonly DecidedFix[],
  { folders, units, fails }: Planned & { readonly fails: FailsIn<DecidedFix> },
  files: FileDrafts,
): Promise<Round> {
  const plain = editFiles(
    snapshot,
    wishes.filter((wish) => !isRendered(wish)),
    folders,
  );
  for (const { file, before, after } of plain.files)
    if (before === undefined) files.create(file, after);
    else files.change(file, before, after);
  const rendered = await units.edit(withEditedFiles(snapshot, plain.files), wishes.filter(isRendered), fails);
  return {
    snapshot: rendered.snapshot,
    made: [...plain.made, ...rendered.made],
    refused: [...plain.refused, ...rendered.refused].map(({ wish, reason }) => ({ ...describeFix(wish), reason })),
  };
}

/** Judges other renderings as the app is judged, each once. */
function failsWith(judging: Judging): FailsIn<DecidedFix> {
  const open = new WeakMap<Snapshot, Promise<ReadonlySet<string>>>();
  const openIn = async (rendered: Snapshot): Promise<ReadonlySet<string>> => {
    const { failures } = await judgeSnapshot(rendered, judging);
    return new Set(failures.map(({ check, subject }) => keyOf(check, subject)));
  };
  return async ({ check, container }, rendered, twin) => {
    const keys = open.get(rendered) ?? openIn(rendered);
    open.set(rendered, keys);
    return (await keys).has(keyOf(check.id, toSubject(twin, container)));
  };
}

export async function editInRounds(planned: Planned, files = new FileDrafts()): Promise<Rounds> {
  const fails = failsWith(planned.judging);
  let { snapshot, before } = planned;
  const decide = askOnce(planned.decide);
  const made: DecidedFix[] = [];
  for (let round = 1; ; round += 1) {
    const fixes = planned.fixes ?? (await planOpenFixes({ ...planned, snapshot, before }));
    planned.meet(fixes);
    const { wishes, open } = await decideAll(fixes, decide, previewIn(snapshot, planned.folders));
    const edited = await editAll(snapshot, wishes, { ...planned, fails }, files);
    made.push(...edited.made);
    ({ snapshot } = edited);
    const { refused } = edited;
    if (edited.made.length === 0 || round === mostRounds || planned.fixes !== undefined)
      return { snapshot, made, refused, open, files };
    before = (await judgeSnapshot(snapshot, planned.judging)).failures;
  }
}
