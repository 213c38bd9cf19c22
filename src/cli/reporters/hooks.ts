// The commands that a backup would run in pods, for the person who is to agree to them, and what came of dumps.

import type { PodCommands } from '../../app/backups/pod-commands.ts';
import type { DumpRecord, ForeseenDump, PodHooks } from '../../backup/index.ts';
import { hang } from '../layout.ts';
import { visible } from '../style.ts';
import type { ProgramLook } from './look.ts';
import { commandText, count } from './words.ts';

type Hook = PodHooks['pre'][number];

function hookLines(
  { phase, container, command, purpose, onError, timeout, source }: Hook,
  look: ProgramLook,
): string[] {
  const when = phase === 'pre' ? 'before' : 'after ';
  const how = `${timeout / 1000} s at most${onError === 'Continue' ? ', may fail' : ''}${source === 'annotation' ? '' : `, from hook ${source}`}`;
  return hang(`    ${when}  `, visible(`in ${container}: ${purpose ?? commandText(command)}  (${how})`), look.width);
}

function hooksPart(hooks: readonly PodHooks[], look: ProgramLook): string[] {
  const { style } = look;
  return [
    '',
    `  Hooks run commands in ${count(hooks.length, 'pod')}, before and after it is saved:`,
    ...hooks.flatMap(({ namespace, pod, pre, post, warnings }) => [
      `  ${style.bold(visible(`${namespace}/${pod}`))}`,
      ...[...pre, ...post].flatMap((hook) => hookLines(hook, look)),
      ...warnings.flatMap((warning) => hang(`    ${style.warn('!')} `, visible(warning), look.width)),
    ]),
  ];
}

function dumpsPart(dumps: readonly ForeseenDump[], { style, width }: ProgramLook): string[] {
  return [
    '',
    dumps.length === 1
      ? '  1 database will be asked to print what is in it, by its own programs, in its own container:'
      : `  ${dumps.length} databases will be asked to print what is in them, by their own programs, in their own containers:`,
    ...dumps.flatMap(({ namespace, pod, container, title, note }) => [
      `  ${style.bold(visible(`${namespace}/${pod}`))}  ${title} in ${visible(container)}`,
      ...hang('    ', note, width),
    ]),
  ];
}

/** `2 databases dumped: …`, for a backup that is there. */
export function dumpLines(dumps: readonly DumpRecord[], sizeText: (bytes: number) => string): string[] {
  return dumps.map(({ namespace, pod, container, recipe, bytes }) =>
    visible(`  dump of ${recipe}  ${namespace}/${pod}/${container}  ${sizeText(bytes)}`),
  );
}

export function renderCommands({ hooks, dumps }: PodCommands, look: ProgramLook): string {
  const lines = [
    ...(hooks.length === 0 ? [] : hooksPart(hooks, look)),
    ...(dumps.length === 0 ? [] : dumpsPart(dumps, look)),
    '',
  ];
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}
