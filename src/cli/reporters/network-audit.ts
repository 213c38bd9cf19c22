// An audit of network policies for a terminal: what they would cut, and what the observation covers.

import type { AuditAnswer } from '../../app/network/audit-network.ts';
import type { Cut } from '../../inference/index.ts';
import { hang } from '../layout.ts';
import { visible } from '../style.ts';
import type { Look } from './look.ts';
import { coverageWords, windowWords } from './traffic/coverage.ts';
import { count } from './words.ts';

function section(title: string, cuts: readonly Cut[], { style, width }: Look): string[] {
  if (cuts.length === 0) return [];
  const rows = cuts.map(({ from, to, port, why }) => `${from} → ${to}, ${port}: ${why}`);
  return [
    `  ${style.bold(title)} ${style.dim(String(cuts.length))}`,
    ...rows.flatMap((row) => hang('    ', visible(row), width)),
    '',
  ];
}

export function renderAudit({ audit, report }: AuditAnswer, look: Look): string {
  const { source, policies, seen, kept, cut, cutUnseen } = audit;
  const { style, width } = look;
  const mark = seen === 0 ? style.warn('!') : cut.length === 0 ? style.good('✓') : style.bad('✗');
  const found =
    seen === 0
      ? 'nothing was seen: look with --for, or give records with --flows'
      : `${kept} of ${seen} connections that were seen would be kept`;
  return [
    '',
    ...hang(
      '  ',
      visible(`${source}: ${count(policies, 'network policy', 'network policies')} that are not applied by this`),
      width,
    ),
    ...hang(`  ${mark} `, found, width),
    '',
    ...section('Would be cut', cut, look),
    ...section('Declared and not seen: would be cut too', cutUnseen, look),
    ...[`Observation: ${windowWords(report.window)}`, ...coverageWords(report)]
      .flatMap((text) => hang('  ', visible(text), width))
      .map(style.dim),
    '',
  ].join('\n');
}
