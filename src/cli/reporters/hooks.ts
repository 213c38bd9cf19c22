// The commands that a backup would run in pods, for the person who is to agree to them.

import type { PodHooks } from '../../backup/index.ts';
import { hang } from '../layout.ts';
import { visible } from '../style.ts';
import type { BackupLook } from './backup.ts';
import { count } from './words.ts';

type Hook = PodHooks['pre'][number];

/** Words with spaces in quotes, as somebody would type them. */
function commandText(command: readonly string[]): string {
  return command.map((word) => (/^[\w./:=@%+,-]+$/.test(word) ? word : JSON.stringify(word))).join(' ');
}

function hookLines({ phase, container, command, onError, timeout, source }: Hook, look: BackupLook): string[] {
  const when = phase === 'pre' ? 'before' : 'after ';
  const how = `${timeout / 1000} s at most${onError === 'Continue' ? ', may fail' : ''}${source === 'annotation' ? '' : `, from hook ${source}`}`;
  return hang(`    ${when}  `, visible(`in ${container}: ${commandText(command)}  (${how})`), look.width);
}

export function renderHooks(hooks: readonly PodHooks[], look: BackupLook): string {
  const { style } = look;
  const lines = [
    '',
    `  Hooks run commands in ${count(hooks.length, 'pod')}, before and after it is saved:`,
    ...hooks.flatMap(({ namespace, pod, pre, post, warnings }) => [
      `  ${style.bold(visible(`${namespace}/${pod}`))}`,
      ...[...pre, ...post].flatMap((hook) => hookLines(hook, look)),
      ...warnings.flatMap((warning) => hang(`    ${style.warn('!')} `, visible(warning), look.width)),
    ]),
    '',
  ];
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}
