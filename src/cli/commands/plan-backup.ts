// `backup create --dry-run`: what a backup would take and do.

import type { BackupWish } from '../../app/backups/backup-wish.ts';
import { type BackupPlan, planBackup } from '../../app/backups/plan-backup.ts';
import type { SourceFlags } from '../flags.ts';
import type { Io } from '../io.ts';
import { withProgress } from '../progress.ts';
import { renderBackupPlan } from '../reporters/backup-plan.ts';
import { writeOutput } from '../write-output.ts';

interface PlanFlags extends Pick<SourceFlags, 'outputFile' | 'quiet'> {
  readonly output: 'text' | 'json';
}

function toJson(plan: BackupPlan): string {
  return `${JSON.stringify({ schema: 'nowwhat.dev/backup-plan/v1', ...plan }, null, 2)}\n`;
}

/** Exit status 1 where something that it should hold cannot be read. */
export async function runPlanBackup(wish: BackupWish, flags: PlanFlags, io: Io): Promise<number> {
  const { stdin, environment, today, style, width, program } = io;
  const plan = await withProgress(io, flags.quiet ?? false, (progress) =>
    planBackup(wish, { stdin, environment, today, progress }, Date.now()),
  );
  const text = flags.output === 'json' ? toJson(plan) : renderBackupPlan(plan, { style, width, program });
  await writeOutput(text, { file: flags.outputFile, quiet: flags.quiet }, io);
  return plan.problems.some(({ severity }) => severity === 'error') ? 1 : 0;
}
