// A drill for a terminal: what will be copied where, and what it showed.

import type { DrillPreview } from '../../app/drills/drills.ts';
import type { DrillProbe, DrillReport } from '../../backup/index.ts';
import { hang, joinLines } from '../layout.ts';
import { visible } from '../style.ts';
import type { Look } from './look.ts';
import { restartedLines } from './outcome.ts';
import { count } from './words.ts';

/** `orders are there: psql -tAc … in StatefulSet db`. */
export function probeWords({ name, place, act }: DrillProbe): string {
  const what = act.type === 'http' ? `GET ${act.path} at port ${act.port}` : `runs ${act.command.join(' ')}`;
  return `${name}: ${what} ${act.type === 'http' ? 'of' : 'in'} ${place.kind} ${place.name}`;
}

export function renderDrillPreview(
  { backup, started, server, context, copies, isStanding, probes }: DrillPreview,
  { style, width }: Look,
): string {
  return joinLines([
    `  ${style.bold(visible(backup))} of ${visible(started)} is restored in ${style.bold(visible(context))} at ${visible(server)}`,
    ...copies.map(([from, to]) => `  ${visible(from)} as ${visible(to)}`),
    `  behind a network policy that lets nothing in or out; compared, spoilt once on purpose, and removed${isStanding ? ', with all else that is in there' : ''}`,
    ...probes.flatMap((each) => hang('  probe: ', visible(probeWords(each)), width)),
    '',
  ]);
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(0)} s`;
}

/** `3 hours`, `2 days`: how old what comes back would be. */
function age(milliseconds: number): string {
  const minutes = Math.round(milliseconds / 60_000);
  if (minutes < 2) return count(Math.round(milliseconds / 1000), 'second');
  if (minutes < 120) return count(minutes, 'minute');
  return minutes < 48 * 60 ? count(Math.round(minutes / 60), 'hour') : count(Math.round(minutes / 1440), 'day');
}

const most = 20;

function troubleLines({ failed, unready, probes, differences, files }: DrillReport, { style, width }: Look): string[] {
  const all = [
    ...failed.map((each) => `not restored: ${each}`),
    ...unready.map((each) => `not ready: ${each}`),
    ...probes.filter(({ holds }) => !holds).map(({ name, why }) => `probe "${name}": ${why}`),
    ...differences.map(({ where, what }) => `${where} ${what}`),
    ...files.differences,
  ];
  const lines = all.slice(0, most).flatMap((each) => hang(`  ${style.bad('✗')} `, visible(each), width));
  return all.length > most ? [...lines, `    and ${all.length - most} more: -o json lists them`] : lines;
}

function fileLines({ files }: DrillReport, { style, width }: Look): string[] {
  const { volumes, compared, moving, differences, control } = files;
  if (volumes === 0) return [];
  const words = differences.length === 0 ? 'all as saved' : `${differences.length} not as saved`;
  const unsure = moving === 0 ? '' : `, ${moving} of them moving while they were saved`;
  const tried =
    control === undefined ? '' : `control: ${control.what}, and ${control.found ? 'it was noticed' : 'nobody noticed'}`;
  return [
    ...hang('    ', `${count(compared, 'file')} of ${count(volumes, 'volume')} compared, ${words}${unsure}`, width),
    ...(tried === '' ? [] : hang(control?.found === true ? '    ' : `  ${style.bad('✗')} `, visible(tried), width)),
  ];
}

function claimLines({ claims }: DrillReport, { style, width }: Look): string[] {
  if (claims === 0) return [];
  const words = `${count(claims, 'claim')} came back without data that could be compared: this drill says nothing of them`;
  return hang(`  ${style.warn('!')} `, words, width);
}

function readyWords({ workloads, unready, probes, recoveryTime }: DrillReport): string {
  const ready =
    unready.length === 0
      ? count(workloads, 'workload')
      : `${workloads - unready.length} of ${count(workloads, 'workload')}`;
  if (probes.length === 0) return `${ready} ready after ${seconds(recoveryTime)}`;
  const held = probes.filter(({ holds }) => holds).length;
  return `${ready} ready and ${held} of ${count(probes.length, 'probe')} held after ${seconds(recoveryTime)}`;
}

interface Beside {
  readonly left: readonly string[];
  readonly proof: string | undefined;
  /** The store has a record of it. */
  readonly inStore: boolean;
}

/** Where nothing ran, there is nothing to tell of it. */
function shownLines(report: DrillReport, look: Look): string[] {
  const { compared, differences, recoveryPoint, control } = report;
  if (compared === 0) return [];
  const controlWords = control.found
    ? `${control.what}, and it was noticed`
    : `${control.what}, and nobody noticed: this drill shows nothing`;
  return [
    `    ${count(compared, 'object')} compared, ${differences.length === 0 ? 'all as saved' : `${differences.length} not as saved`}; ${readyWords(report)}`,
    ...fileLines(report, look),
    `    what happened in the last ${age(recoveryPoint)} is not in it`,
    ...hang('    control: ', visible(controlWords), look.width),
  ];
}

export function renderDrill(report: DrillReport, { left, proof, inStore }: Beside, look: Look): string {
  const { style } = look;
  const { backup, holds } = report;
  const mark = holds ? style.good('✓') : style.bad('✗');
  return joinLines([
    `  ${mark} ${style.bold(visible(backup))}  ${holds ? 'comes back as it was' : 'does not come back as it was'}`,
    ...shownLines(report, look),
    ...troubleLines(report, look),
    ...restartedLines(report, look),
    ...claimLines(report, look),
    ...left.map((name) => `  ${style.warn('!')} ${visible(name)} is still on its way out`),
    ...(inStore ? [] : [`  ${style.warn('!')} the store takes no record of it: backup get and prune will not know`]),
    ...(proof === undefined ? [] : [`    ${style.dim(`proof: ${visible(proof)}`)}`]),
  ]);
}
