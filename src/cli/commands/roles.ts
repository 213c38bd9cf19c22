// `roles`: the smallest roles that evidence asks for.

import { answerRoles, type RolesWish } from '../../app/roles/answer-roles.ts';
import type { RolesAnswer } from '../../app/roles/roles-answer.ts';
import { type Widening, widenings } from '../../inference/index.ts';
import { isIn, UserError } from '../../model/index.ts';
import { parseMinor, parseWidth, type SourceFlags, toReadWish } from '../flags.ts';
import type { Io } from '../io.ts';
import type { RolesFormat } from '../options.ts';
import { withProgress } from '../progress.ts';
import { renderRolesPage } from '../reporters/roles/page.ts';
import { renderRolesYaml } from '../reporters/roles/yaml.ts';
import { writeOutput } from '../write-output.ts';

export interface RolesFlags extends SourceFlags {
  readonly output: RolesFormat;
  readonly auditLog?: readonly string[];
  readonly for?: readonly string[];
  readonly widen?: readonly string[];
  readonly name?: string;
  readonly onTop?: boolean;
  readonly alone?: boolean;
  readonly from: RolesWish['from'];
}

function toWidenings(words: readonly string[] = []): Widening[] {
  return words.map((word) => {
    if (isIn(widenings, word)) return word;
    throw new UserError('invalid-option', `--widen knows no "${word}"`, `Name some of ${widenings.join(', ')}.`);
  });
}

function requireEvidence(hasInput: boolean, { auditLog = [], onTop, from }: RolesFlags): void {
  if (auditLog.length === 0 && (!hasInput || from === 'log'))
    throw new UserError(
      'invalid-option',
      'no evidence was named',
      'Name an audit log with --audit-log, or files that declare what they call; see docs/roles.md.',
    );
  if (onTop === true && !hasInput)
    throw new UserError(
      'invalid-option',
      '--on-top needs roles to stand on',
      'Name files, or a cluster with --context.',
    );
}

function toWish(inputs: readonly string[], flags: RolesFlags): RolesWish {
  const hasInput = inputs.length > 0 || flags.context !== undefined;
  requireEvidence(hasInput, flags);
  return {
    logs: flags.auditLog ?? [],
    subjects: flags.for ?? [],
    reading: hasInput ? toReadWish(inputs, flags) : undefined,
    widen: toWidenings(flags.widen),
    name: flags.name,
    onTop: flags.onTop ?? false,
    alone: flags.alone ?? false,
    from: flags.from,
    minor: flags.kubeVersion === undefined ? undefined : parseMinor(flags.kubeVersion),
  };
}

function render(answer: RolesAnswer, flags: RolesFlags, io: Io): string {
  if (flags.output === 'json') return `${JSON.stringify(answer, null, 2)}\n`;
  if (flags.output === 'yaml') return renderRolesYaml(answer);
  const style = flags.outputFile === undefined ? io.style : io.fileStyle;
  return renderRolesPage(answer, { style, width: parseWidth(flags.width, io.width) });
}

/** Exit status 1 where the proof failed. */
export async function runRoles(inputs: readonly string[], flags: RolesFlags, io: Io): Promise<number> {
  const wish = toWish(inputs, flags);
  const { stdin, environment, today, stdinPieces } = io;
  const answer = await withProgress(io, flags.quiet ?? false, (progress) =>
    answerRoles(wish, { stdin, environment, today, stdinPieces, progress }),
  );
  await writeOutput(render(answer, flags, io), { file: flags.outputFile, quiet: flags.quiet }, io);
  return answer.subjects.every(({ proof }) => proof.missing.length === 0) ? 0 : 1;
}
