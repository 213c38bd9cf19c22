// What a backup would take and do, for a terminal.

import type { BackupPlan } from '../../app/backups/plan-backup.ts';
import type { PlannedVolume } from '../../backup/index.ts';
import { hang, padEnd, stringWidth } from '../layout.ts';
import { visible } from '../style.ts';
import type { ProgramLook } from './look.ts';
import { problemLines, rightLines } from './gaps.ts';
import { renderCommands } from './hooks.ts';
import { count } from './words.ts';

const mostResources = 8;

function resourcesLine({ objects, resources }: BackupPlan): string {
  const sorted = resources.toSorted((a, b) => b.objects - a.objects);
  const shown = sorted.slice(0, mostResources).map((each) => `${each.objects} ${visible(each.resource)}`);
  const rest = sorted.length > mostResources ? [`${sorted.length - mostResources} more kinds`] : [];
  return `${count(objects, 'object')}: ${[...shown, ...rest].join(', ')}`;
}

/** `claim data`, or a volume as its pod names it. */
function titleOf({ namespace, claim, pod, name }: PlannedVolume): string {
  return visible(
    claim === undefined ? `${namespace}: ${name ?? ''} of pod ${pod ?? ''}` : `${namespace}: claim ${claim}`,
  );
}

const words = { files: 'its files', snapshot: 'a snapshot', moved: 'moved', none: 'not saved' } as const;

function fateOf(volume: PlannedVolume, { style }: ProgramLook): string {
  const { method, asked, moved } = volume;
  if (method !== 'none') return style.good(words[moved === true ? 'moved' : method]);
  return asked ? style.warn(words.none) : style.dim(words.none);
}

function volumeLines({ volumes }: BackupPlan, look: ProgramLook): string[] {
  if (volumes.length === 0) return [];
  const widest = Math.max(...volumes.map((each) => stringWidth(titleOf(each))));
  const rows = volumes.flatMap((each) =>
    hang(`    ${padEnd(titleOf(each), widest)}  ${padEnd(fateOf(each, look), 10)}  `, visible(each.reason), look.width),
  );
  return ['', `  The data of ${count(volumes.length, 'volume')}:`, ...rows];
}

export function renderBackupPlan(plan: BackupPlan, look: ProgramLook): string {
  const { name, context, server, hooks, dumps, problems } = plan;
  const lines = [
    ...hang(`  ${look.style.bold(visible(name))}  would hold `, resourcesLine(plan), look.width),
    `  ${look.style.dim(`from ${visible(context)} at ${visible(server)}; nothing was written`)}`,
    ...problemLines(problems, look),
    ...rightLines(problems, look),
    ...volumeLines(plan, look),
  ];
  const commands = hooks.length + dumps.length === 0 ? '' : renderCommands({ hooks, dumps }, look);
  return `${lines.map((line) => `${line.trimEnd()}\n`).join('')}${commands}`;
}
