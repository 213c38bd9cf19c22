// A plan of edits in the user's own files: one step for each file, with changes by lines that hold no secret.

import { readFile } from 'node:fs/promises';
import { diffArrays } from 'diff';
import type { EditedFile } from '../../fixes/index.ts';
import {
  type FileAction,
  type Inverse,
  invertLineChanges,
  type JsonObject,
  type KubeObject,
  type LineChange,
  type Plan,
  type PlanInput,
  type PlanStep,
  splitLines,
  UserError,
} from '../../model/index.ts';
import { refOf, sha256 } from '../../targets/index.ts';
import type { FixPlan } from '../fix/fix.ts';
import { withholdInLine } from '../fix/render-diff.ts';
import { nameIn } from '../records/record-folder.ts';
import { tellsSecret } from './secret-free.ts';
import { headOf, type LeftOver, type PlanMaking, stepId } from './plan-made.ts';

const byteOrderMark = '\ufeff';

/** The difference of two texts by lines. */
export function diffLines(before: string, after: string): LineChange[] {
  const changes: { line: number; remove: readonly string[]; add: readonly string[] }[] = [];
  let line = 1;
  let open = false;
  for (const { value, added, removed } of diffArrays(splitLines(before), splitLines(after))) {
    if (!added && !removed) line += value.length;
    else {
      const change = (open ? changes.pop() : undefined) ?? { line, remove: [], add: [] };
      changes.push(removed ? { ...change, remove: value } : { ...change, add: value });
      if (removed) line += value.length;
    }
    open = added || removed;
  }
  return changes;
}

function refuseSecret(file: string): UserError {
  return new UserError(
    'secret-in-plan',
    `the changes of ${file} hold the value of a secret, which no plan may`,
    'Edit the file with `nowwhat fix --write`, which keeps no copy of it.',
  );
}

interface FileStep {
  readonly action: FileAction;
  readonly inverse: Inverse;
  readonly input: PlanInput;
}

function planNew(file: string, { after: content, executable }: EditedFile): FileStep {
  const action: FileAction = { kind: 'write-file', file, content, ...(executable === undefined ? {} : { executable }) };
  if (tellsSecret(action)) throw refuseSecret(file);
  return {
    action,
    inverse: { kind: 'remove-file', file, before: sha256(content) },
    input: { kind: 'file', file },
  };
}

/** The mark at the beginning of a file is no part of the text that was edited. */
async function readMark(path: string, before: string): Promise<string> {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await readFile(path));
  if (text === before) return '';
  if (text === byteOrderMark + before) return byteOrderMark;
  throw new UserError(
    'file-changed',
    `${path} is not as it was read: somebody has changed it since, or its encoding is not UTF-8`,
    'Nothing was planned. Run the command again; convert a file in another encoding to UTF-8 first.',
  );
}

/** Values of a Secret are called as it pleases: whatever goes away from its own text tells one, unless a key stands there alone. */
function takesFromSecret(changes: readonly LineChange[], before: string, secrets: readonly KubeObject[]): boolean {
  const lineOf = (offset: number): number => before.slice(0, offset).split('\n').length;
  const ranges = secrets.map(({ source }) => [lineOf(source.start), lineOf(source.end)] as const);
  return changes.some(({ line, remove }) =>
    remove.some((text, index) => {
      const isWithin = ranges.some(([first, last]) => line + index >= first && line + index <= last);
      const bare = text.replace(/\r?\n$/, '');
      return isWithin && withholdInLine(bare, '', true) !== bare;
    }),
  );
}

interface TextEdit {
  readonly before: string;
  readonly after: string;
  /** Secrets that are edited in this file. */
  readonly secrets: readonly KubeObject[];
}

async function planEdit(file: string, path: string, texts: TextEdit): Promise<FileStep> {
  const mark = await readMark(path, texts.before);
  const changes = diffLines(texts.before, texts.after);
  const [before, after] = [sha256(mark + texts.before), sha256(mark + texts.after)];
  const action: FileAction = { kind: 'edit-file', file, before, after, changes };
  if (tellsSecret(action) || takesFromSecret(changes, texts.before, texts.secrets)) throw refuseSecret(file);
  return {
    action,
    inverse: { kind: 'edit-file', file, before: after, after: before, changes: invertLineChanges(changes) },
    input: { kind: 'file', file, sha256: before },
  };
}

type Made = FixPlan['made'][number];

/** Texts that an object stands in: its own, and of a rendered one those that it was made from. */
function textsOf({ source: { text, writtenIn = [] } }: KubeObject): number[] {
  return [text, ...writtenIn.map((place) => place.text)];
}

function secretsIn({ text }: EditedFile, made: readonly Made[]): KubeObject[] {
  const objects = made.flatMap(({ edits }) => edits.map(({ object }) => object));
  return objects.filter(({ kind, source }) => kind === 'Secret' && source.text === text);
}

/** A new object is in the file that tells its kind and name. */
function isWrittenIn(raw: JsonObject, text: string): boolean {
  const { kind, name } = refOf(raw);
  return text.includes(kind) && text.includes(name);
}

/** Fixes of which something is in the file; a new file of edits is a patch. */
function fixesIn({ text, before, after }: EditedFile, made: readonly Made[]): readonly Made[] {
  const isEdited = ({ object }: Made['edits'][number]): boolean =>
    textsOf(object).includes(text) || (before === undefined && isWrittenIn(object.raw, after));
  return made.filter(({ edits, create }) => edits.some(isEdited) || create.some(({ raw }) => isWrittenIn(raw, after)));
}

function reasonOf(fixes: readonly Made[]): string {
  const messages = [...new Set(fixes.map(({ message }) => message))];
  const shown = messages.slice(0, 3).join('; ');
  if (messages.length === 0) return 'goes with the other steps';
  return messages.length > 3 ? `${shown}; and ${messages.length - 3} more` : shown;
}

function leftOf({ answer }: FixPlan): LeftOver[] {
  return [
    ...answer.left.map(({ owner, remediation, check, findings }) => ({
      owner,
      what: `${check}, ${findings} finding${findings === 1 ? '' : 's'}: ${remediation}`,
    })),
    ...answer.refused.map(({ check, subject, reason }) => ({
      owner: 'developer' as const,
      what: `${check}: ${reason}`,
      subject,
    })),
  ];
}

export interface FolderPlanning extends PlanMaking {
  /** The folder that paths are told from. */
  readonly root: string;
}

/** The plan of a fix. Throws `UserError` where a change holds a secret, or a file is outside of the folder. */
export async function planFolder(fix: FixPlan, planning: FolderPlanning): Promise<Plan> {
  const taken = new Set<string>();
  const steps: PlanStep[] = [];
  const inputs: PlanInput[] = [];
  for (const edited of fix.files) {
    const file = nameIn(planning.root, edited.file);
    if (file === undefined)
      throw new UserError(
        'invalid-option',
        `${edited.file} is outside of ${planning.root}, which the plan is about`,
        'Name paths of one repository at a time.',
      );
    const { before, after } = edited;
    const { action, inverse, input } =
      before === undefined
        ? planNew(file, edited)
        : await planEdit(file, edited.file, { before, after, secrets: secretsIn(edited, fix.made) });
    const id = stepId(file, taken);
    taken.add(id);
    const fixes = fixesIn(edited, fix.made);
    inputs.push(input);
    steps.push({
      id,
      title: `${action.kind === 'write-file' ? 'Write' : 'Edit'} ${file}`,
      reason: reasonOf(fixes),
      closes: [...new Set(fixes.map(({ check }) => check.id))],
      owner: 'developer',
      action,
      inverse,
      after: [],
    });
  }
  return { ...headOf(planning), target: { kind: 'folder' }, inputs, steps, left: leftOf(fix) };
}
