// `checks`: the list of all checks.

import { adviseName } from '../../app/suggest-name.ts';
import { builtInChecks, canFix, type Check } from '../../checks/index.ts';
import { type CheckMeta, UserError } from '../../model/index.ts';
import { parseWidth } from '../flags.ts';
import type { Io } from '../io.ts';
import { padEnd, truncate } from '../layout.ts';
import { count, ownerWords } from '../reporters/words.ts';
import { severityStyle } from '../style.ts';

export interface ChecksFlags {
  readonly output: 'text' | 'json';
  readonly family?: string;
  readonly leg?: string;
  readonly role?: string;
  readonly width?: string;
}

function row(check: Check, { style }: Io, { room, width }: { room: number; width: number }): string {
  const { id, severity, leg, level, owner, title } = check.meta;
  const mark = canFix(check) ? '*' : ' ';
  const start = `${mark} ${padEnd(id, room)}  ${severityStyle(style, severity)(padEnd(severity, 8))}`;
  // Columns that a narrow terminal has no room for are left out, the title at last.
  const used = room + 12;
  if (width < used + 30) return start.trimEnd();
  if (width < used + 80) return `${start}  ${truncate(title, width - used - 2)}`;
  const where = padEnd(`${leg} ${level}`, 13);
  const who = padEnd(owner === 'developer' ? '' : ownerWords[owner], 21);
  return `${start}  ${where}  ${who}  ${truncate(title, width - used - 40)}`.trimEnd();
}

function choose({ family, leg, role }: ChecksFlags): Check[] {
  const families = [...new Set(builtInChecks.map(({ meta }) => meta.family))];
  if (family !== undefined && !families.includes(family))
    throw new UserError(
      'invalid-option',
      `no family is called "${family}"`,
      adviseName(family, families, `Families: ${families.join(', ')}.`),
    );
  return builtInChecks.filter(
    ({ meta }) =>
      (family ?? meta.family) === meta.family && (leg ?? meta.leg) === meta.leg && (role ?? meta.owner) === meta.owner,
  );
}

/** As in the list of the docs: `fixable` where `fix` edits or offers something. */
function describe(check: Check): CheckMeta & { readonly fixable: boolean } {
  return { ...check.meta, fixable: canFix(check) };
}

export function runChecksCommand(flags: ChecksFlags, io: Io): number {
  const chosen = choose(flags);
  if (flags.output === 'json') {
    io.out(`${JSON.stringify({ schema: 'nowwhat.dev/checks/v1', checks: chosen.map(describe) }, null, 2)}\n`);
    return 0;
  }
  const room = Math.max(...chosen.map(({ meta }) => meta.id.length), 10);
  const width = parseWidth(flags.width, io.width);
  const families = [...new Set(chosen.map(({ meta }) => meta.family))];
  const lines = families.flatMap((name) => [
    io.style.bold(name),
    ...chosen.filter(({ meta }) => meta.family === name).map((check) => row(check, io, { room, width })),
    '',
  ]);
  const hint = `${io.style.command(`${io.program} explain CHECK`)} says more about one`;
  const fixable = chosen.filter(canFix).length;
  const total = `${count(chosen.length, 'check')}, * ${fixable} of them with fixes or choices; ${hint}`;
  io.out(`${[...lines, total].join('\n')}\n`);
  return 0;
}
