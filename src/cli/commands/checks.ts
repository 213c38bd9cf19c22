// `checks`: the list of all checks.

import { builtInChecks } from '../../checks/index.ts';
import type { CheckMeta } from '../../model/index.ts';
import type { Io } from '../io.ts';
import { padEnd } from '../layout.ts';
import { severityStyle } from '../style.ts';

export interface ChecksFlags {
  readonly output: 'text' | 'json';
  readonly family?: string;
  readonly leg?: string;
  readonly owner?: string;
}

function row({ id, severity, leg, level, owner, title }: CheckMeta, { style }: Io, room: number): string {
  const where = padEnd(`${leg} ${level}`, 13);
  return `  ${padEnd(id, room)}  ${severityStyle(style, severity)(padEnd(severity, 8))}  ${where}  ${padEnd(owner === 'developer' ? '' : owner, 21)}  ${title}`;
}

export function runChecksCommand({ output, family, leg, owner }: ChecksFlags, io: Io): number {
  const metas = builtInChecks
    .map(({ meta }) => meta)
    .filter(
      (meta) =>
        (family ?? meta.family) === meta.family &&
        (leg ?? meta.leg) === meta.leg &&
        (owner ?? meta.owner) === meta.owner,
    );
  if (output === 'json') {
    io.out(`${JSON.stringify({ schema: 'nowwhat.dev/checks/v1', checks: metas }, null, 2)}\n`);
    return 0;
  }
  const room = Math.max(...metas.map(({ id }) => id.length), 10);
  const families = [...new Set(metas.map((meta) => meta.family))];
  const lines = families.flatMap((name) => [
    io.style.bold(name),
    ...metas.filter((meta) => meta.family === name).map((meta) => row(meta, io, room)),
    '',
  ]);
  io.out(
    `${lines.join('\n')}\n  ${metas.length} checks. ${io.style.command(`${io.program} explain CHECK`)} says more about one.\n`,
  );
  return 0;
}
