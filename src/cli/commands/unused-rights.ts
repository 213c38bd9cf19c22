// `unused-rights`: what was granted and not used, with a plan, a rehearsal of it, and edits that close tokens.

import { closeTokens } from '../../app/roles/close-tokens.ts';
import { recordRemoval } from '../../app/roles/record-removal.ts';
import { rehearseRemoval, type RemovalRehearsal } from '../../app/roles/rehearse-removal.ts';
import { reportUnused, type UnusedReport, type UnusedWish } from '../../app/roles/unused-rights.ts';
import { UserError } from '../../model/index.ts';
import { parseWidth, type SourceFlags, toClusterOnlyWish, toNamedCluster, toReadWish } from '../flags.ts';
import type { Io } from '../io.ts';
import type { RolesFormat } from '../options.ts';
import { withProgress } from '../progress.ts';
import type { Look } from '../reporters/look.ts';
import { renderIntent, renderRehearsal } from '../reporters/roles/rehearsal.ts';
import { renderRemovalYaml } from '../reporters/roles/removal-yaml.ts';
import { renderUnusedPage } from '../reporters/roles/unused-page.ts';
import { writeOutput } from '../write-output.ts';
import { saysYes } from '../says-yes.ts';
import { commandText } from './plans/change-flags.ts';

export interface UnusedFlags extends SourceFlags {
  readonly output: RolesFormat;
  readonly auditLog?: readonly string[];
  readonly for?: readonly string[];
  readonly rehearse?: boolean;
  readonly yes?: boolean;
  readonly write?: boolean;
}

function toWish(inputs: readonly string[], flags: UnusedFlags): UnusedWish {
  const { auditLog = [], for: subjects = [] } = flags;
  if (auditLog.length === 0)
    throw new UserError('invalid-option', 'no audit log was named', 'Name one with --audit-log; see docs/roles.md.');
  return { logs: auditLog, subjects, reading: toReadWish(inputs, flags) };
}

async function agree(text: string, flags: UnusedFlags, io: Io): Promise<boolean> {
  if (flags.yes === true) return true;
  io.err(text);
  return saysYes(io, 'Go on? [y/N] ');
}

async function rehearse(report: UnusedReport, flags: UnusedFlags, io: Io): Promise<RemovalRehearsal | undefined> {
  if (flags.rehearse !== true) return undefined;
  const cluster = toClusterOnlyWish(flags);
  const { stdin, environment, today, whileRunning } = io;
  const look = { style: io.errorStyle, width: io.width };
  const rehearsal = await withProgress(io, flags.quiet ?? false, (progress) =>
    rehearseRemoval(report.removals, cluster, {
      stdin,
      environment,
      today,
      progress,
      whileRunning,
      agree: (intent) => agree(renderIntent(intent, look), flags, io),
    }),
  );
  if (rehearsal !== undefined) return rehearsal;
  throw new UserError('not-agreed', 'nobody agreed to the rehearsal', 'Look at what would be made, and add --yes.');
}

function render(report: UnusedReport, rehearsal: RemovalRehearsal | undefined, flags: UnusedFlags, look: Look): string {
  const { answer } = report;
  const { output: format } = flags;
  if (format === 'json') return `${JSON.stringify({ ...answer, ...(rehearsal && { rehearsal }) }, null, 2)}\n`;
  if (format === 'yaml') return renderRemovalYaml(answer, toNamedCluster(flags));
  return `${renderUnusedPage(answer, look)}${rehearsal === undefined ? '' : `\n${renderRehearsal(rehearsal, look)}`}`;
}

function commandOf(inputs: readonly string[], flags: UnusedFlags): string {
  const logs = (flags.auditLog ?? []).flatMap((log) => ['--audit-log', log]);
  const subjects = (flags.for ?? []).flatMap((subject) => ['--for', subject]);
  return commandText('unused-rights --rehearse', [...inputs, ...logs, ...subjects], flags);
}

/** Exit status 1 where something was granted and not used, or the rehearsal failed. */
export async function runUnusedRights(inputs: readonly string[], flags: UnusedFlags, io: Io): Promise<number> {
  const wish = toWish(inputs, flags);
  const { stdin, environment, today, stdinPieces } = io;
  const report = await withProgress(io, flags.quiet ?? false, (progress) =>
    reportUnused(wish, { stdin, environment, today, stdinPieces, progress }),
  );
  const rehearsal = await rehearse(report, flags, io);
  if (rehearsal !== undefined) {
    const making = { command: commandOf(inputs, flags), version: io.version };
    await recordRemoval(rehearsal, report, wish, { stdin, environment, today, progress: () => undefined, making });
  }
  if (flags.write === true) for (const line of await closeTokens(report)) io.err(`${line}\n`);
  const style = flags.outputFile === undefined ? io.style : io.fileStyle;
  const look = { style, width: parseWidth(flags.width, io.width) };
  await writeOutput(render(report, rehearsal, flags, look), { file: flags.outputFile, quiet: flags.quiet }, io);
  const isClean = report.removals.length === 0 && report.answer.tokens.length === 0;
  return isClean && rehearsal?.holds !== false ? 0 : 1;
}
