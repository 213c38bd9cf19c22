// Puts findings right in the user's own files: plans the edits, makes them in memory, judges again, and only then writes.

import { type Check, type CheckOptions, type PlannedFix, planFixes, runChecks, toSubject } from '../checks/index.ts';
import { type EditedFile, editFiles, withEditedFiles } from '../fixes/index.ts';
import { prepareInventory } from '../inventory/index.ts';
import { applyExceptions, type ExceptionRule, fingerprint } from '../journey/index.ts';
import {
  type CheckMeta,
  type Edit,
  type Finding,
  isEmptyChange,
  type Json,
  type Owner,
  type Snapshot,
  type Subject,
} from '../model/index.ts';
import { writeFiles } from '../targets/index.ts';
import { chooseChecks } from './choose-checks.ts';
import { readApp, type Outside, type ReadWish } from './read-app.ts';
import { renderDiff } from './render-diff.ts';

export interface FixWish extends ReadWish {
  /** Only findings of these checks; all that can be fixed where left out. */
  readonly only?: readonly string[] | undefined;
}

export interface FixedFinding {
  readonly check: string;
  readonly subject: Subject;
  readonly message: string;
  /** Of the subject's own object. */
  readonly edits: readonly Edit[];
  /** Edits of other objects. */
  readonly others: readonly { readonly subject: Subject; readonly edits: readonly Edit[] }[];
  /** New objects, whole. */
  readonly created: readonly Json[];
}

export interface RefusedFix {
  readonly check: string;
  readonly subject: Subject;
  readonly message: string;
  /** Why no edit was made: the end of a sentence. */
  readonly reason: string;
}

/** Findings that fail and that nobody but a person can put right. */
export interface LeftCheck {
  readonly check: string;
  readonly title: string;
  readonly owner: Owner;
  readonly remediation: string;
  readonly findings: number;
}

export interface FixAnswer {
  readonly schema: 'nowwhat.dev/fix/v1';
  readonly files: readonly { readonly file: string; readonly isNew: boolean; readonly diff: string }[];
  readonly fixed: readonly FixedFinding[];
  readonly refused: readonly RefusedFix[];
  readonly left: readonly LeftCheck[];
  /** The proof: failing findings of all checks before and after, and what fails only after. */
  readonly proof: {
    readonly before: number;
    readonly after: number;
    readonly opened: readonly { readonly check: string; readonly subject: Subject; readonly message: string }[];
  };
}

export interface FixPlan {
  readonly answer: FixAnswer;
  /** What to write, where the user agrees. */
  readonly files: readonly EditedFile[];
}

function subjectOf({ object, container }: PlannedFix): Subject {
  return toSubject(object, container);
}

export interface Judging {
  readonly checks: readonly Check[];
  readonly exceptions: readonly ExceptionRule[];
  readonly options: CheckOptions;
}

export async function failuresOf(snapshot: Snapshot, { checks, exceptions, options }: Judging): Promise<Finding[]> {
  const found = runChecks(checks, await prepareInventory(snapshot), options);
  const { findings } = applyExceptions(found, exceptions, options.today);
  return findings.filter(({ verdict, exception }) => verdict === 'fail' && exception === undefined);
}

/** A finding, whatever its path: several of one check about one container are put right together. */
function keyOf(check: string, subject: Subject): string {
  return fingerprint({ check, subject });
}

function leftOf(failures: readonly Finding[], metas: readonly CheckMeta[]): LeftCheck[] {
  const counts = new Map<string, number>();
  for (const { check } of failures) counts.set(check, (counts.get(check) ?? 0) + 1);
  return metas.flatMap(({ id, title, owner, remediation }) => {
    const findings = counts.get(id);
    return findings === undefined ? [] : { check: id, title, owner, remediation, findings };
  });
}

interface Planned {
  readonly snapshot: Snapshot;
  readonly judging: Judging;
  readonly before: readonly Finding[];
  readonly only: ReadonlySet<string> | undefined;
}

/** Fixes of what fails and is not excepted; those that need a decision apart. */
export async function plan({ snapshot, judging, before, only }: Planned): Promise<PlannedFix[]> {
  const open = new Set(before.map(({ check, subject }) => keyOf(check, subject)));
  const chosen = judging.checks.filter(({ meta }) => only?.has(meta.id) ?? true);
  const planned = planFixes(chosen, await prepareInventory(snapshot), judging.options);
  return planned.filter((fix) => open.has(keyOf(fix.check.id, subjectOf(fix))));
}

function describe(fix: PlannedFix): Pick<FixedFinding, 'check' | 'subject' | 'message'> {
  return { check: fix.check.id, subject: subjectOf(fix), message: fix.message };
}

function describeMade(fix: PlannedFix): FixedFinding {
  const others = fix.edits.filter(({ object }) => object !== fix.object);
  return {
    ...describe(fix),
    edits: fix.edits.flatMap(({ object, edits }) => (object === fix.object ? edits : [])),
    others: others.map(({ object, edits }) => ({ subject: toSubject(object, undefined), edits })),
    created: fix.create.map(({ raw }) => raw),
  };
}

interface Rounds {
  readonly snapshot: Snapshot;
  readonly made: readonly PlannedFix[];
  readonly refused: FixAnswer['refused'];
}

/** What one edit brings to light, such as a field that another check looks at, is put right in the next round. */
const mostRounds = 5;

async function edit(planned: Planned): Promise<Rounds> {
  let { snapshot, before } = planned;
  const made: PlannedFix[] = [];
  for (let round = 1; ; round += 1) {
    const fixes = (await plan({ ...planned, snapshot, before })).filter((fix) => !isEmptyChange(fix));
    const edited = editFiles(snapshot, fixes);
    made.push(...edited.made);
    snapshot = withEditedFiles(snapshot, edited.files);
    if (edited.files.length === 0 || round === mostRounds) {
      const refused = edited.refused.map(({ wish, reason }) => ({ ...describe(wish), reason }));
      return { snapshot, made, refused };
    }
    before = await failuresOf(snapshot, planned.judging);
  }
}

/** All texts that are not as they were read, and those that are new. */
function changedFiles(before: Snapshot, after: Snapshot): EditedFile[] {
  const files = after.texts.flatMap(({ file, text }, index): EditedFile[] => {
    const old = before.texts[index];
    if (old === undefined) return [{ file, text: index, after: text, created: [] }];
    return text === old.text ? [] : [{ file, text: index, before: old.text, after: text, created: [] }];
  });
  return files.toSorted((a, b) => (a.file < b.file ? -1 : 1));
}

async function assemble(planned: Planned): Promise<FixPlan> {
  const { snapshot, judging, before } = planned;
  const edited = await edit(planned);
  const files = changedFiles(snapshot, edited.snapshot);
  const after = files.length === 0 ? before : await failuresOf(edited.snapshot, judging);
  const known = new Set(before.map(fingerprint));
  const metas = judging.checks.map(({ meta }) => meta).filter(({ id }) => planned.only?.has(id) ?? true);
  const answer: FixAnswer = {
    schema: 'nowwhat.dev/fix/v1',
    files: files.map((file) => ({
      file: file.file,
      isNew: file.before === undefined,
      diff: renderDiff(snapshot, file),
    })),
    fixed: edited.made.map(describeMade),
    refused: edited.refused,
    left: leftOf(after, metas),
    proof: {
      before: before.length,
      after: after.length,
      opened: after
        .filter((finding) => !known.has(fingerprint(finding)))
        .map(({ check, subject, message }) => ({ check, subject, message })),
    },
  };
  return { answer, files };
}

/** Reads, plans, edits in memory and judges again. Nothing is written. Throws `UserError` as reading does. */
export async function planFix(wish: FixWish, outside: Outside): Promise<FixPlan> {
  const { snapshot, settings } = await readApp(wish, outside);
  const { checks } = await chooseChecks({}, settings);
  const { allowedRegistries = [], exceptions = [] } = settings.config;
  const options = { minor: snapshot.facts.minor, today: outside.today, allowedRegistries };
  const judging = { checks, exceptions, options };
  outside.progress(`judging ${snapshot.objects.length} objects`);
  const before = await failuresOf(snapshot, judging);
  return assemble({ snapshot, judging, before, only: wish.only === undefined ? undefined : new Set(wish.only) });
}

/** Writes all files of a plan, or none. Throws `UserError` where one has changed since it was read. */
export async function applyFix({ files }: FixPlan): Promise<void> {
  await writeFiles(files);
}
