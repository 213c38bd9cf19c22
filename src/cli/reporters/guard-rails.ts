// Guard rails for a terminal: what of today they would refuse, what nothing breaks, what is excepted, and how to go on.

import type { GuardRailsAnswer, RailView } from '../../app/security/guard-rails.ts';
import { kubectlCommand, type NamedCluster } from '../../model/index.ts';
import { hang, padEnd, padStart } from '../layout.ts';
import { severityStyle, visible } from '../style.ts';
import type { Look } from './look.ts';
import { count } from './words.ts';

interface GuardRailsLook extends Look {
  /** The command again, without what it says about output. */
  readonly command: string;
  readonly cluster: NamedCluster;
}

function objectWords({ kind, namespace, name, position }: RailView['breaks'][number]): string {
  const where = position === undefined ? '' : ` ${position.file}:${position.line}`;
  return visible(`${kind} ${namespace === '' ? '' : `${namespace}/`}${name}${where}`);
}

function brokenWords({ breaks }: RailView): string {
  const [first, ...others] = breaks;
  if (first === undefined) return '';
  return `${objectWords(first)}${others.length === 0 ? '' : ` and ${others.length} more`}`;
}

function brokenLines(rails: readonly RailView[], { style, width }: GuardRailsLook): string[] {
  if (rails.length === 0) return [];
  const column = Math.max(...rails.map(({ check }) => check.length));
  const digits = Math.max(...rails.map(({ breaks }) => String(breaks.length).length));
  return [
    `  ${style.bold('Would be refused today')}`,
    ...rails.flatMap((rail) => {
      const name = severityStyle(style, rail.severity)(padEnd(rail.check, column));
      return hang(`    ${name}  ${padStart(String(rail.breaks.length), digits)}  `, brokenWords(rail), width);
    }),
    '',
  ];
}

function listLines(title: string, text: string, { style, width }: GuardRailsLook): string[] {
  return text === '' ? [] : [`  ${style.bold(title)}`, ...hang('    ', text, width), ''];
}

function exceptedLines(rails: readonly RailView[], { style, width }: GuardRailsLook): string[] {
  const rows = rails.flatMap(({ check, exceptions }) =>
    exceptions.map(({ subject, container, owner, until }) =>
      visible(
        `${check}  ${subject}${container === undefined ? '' : `, container ${container}`}  ${owner}, until ${until}`,
      ),
    ),
  );
  if (rows.length === 0) return [];
  return [`  ${style.bold('Excepted')}`, ...rows.flatMap((row) => hang('    ', row, width)), ''];
}

function headline({ rails, minor, namespaces }: GuardRailsAnswer): string {
  const place =
    namespaces.length === 0 ? "in all namespaces but Kubernetes' own" : `in ${namespaces.map(visible).join(', ')}`;
  return `${count(rails.length, 'guard rail')} for Kubernetes 1.${minor}, ${place}`;
}

function nextLines({ rails, judged }: GuardRailsAnswer, { style, width, command, cluster }: GuardRailsLook): string[] {
  const file = 'guard-rails.yaml';
  const clean = rails.filter(({ breaks }) => breaks.length === 0).length;
  const deny = judged
    ? `then denies ${clean === rails.length ? 'all of them' : `${clean} of them, and goes on to warn of the others`}`
    : 'then denies them';
  const indent = '        ';
  // Whole lines, for a person to copy.
  const line = (text: string): string => style.command(visible(text));
  return [
    `  ${style.bold('Next')}  ${line(`${command} -o yaml --output-file ${file}`)}`,
    `${indent}${line(kubectlCommand(['apply', '-f', file], cluster))}`,
    ...hang(
      indent,
      'warns whoever writes what breaks one, and notes it in the audit log; nothing is denied',
      width,
    ).map(style.dim),
    `${indent}${line(`${command} --enforce -o yaml --output-file ${file}`)}`,
    ...hang(indent, deny, width).map(style.dim),
    '',
  ];
}

export function renderGuardRailsPage(answer: GuardRailsAnswer, look: GuardRailsLook): string {
  const { rails, judged, notices } = answer;
  const broken = rails.filter(({ breaks }) => breaks.length > 0);
  const clean = rails.filter(({ breaks }) => breaks.length === 0).map(({ check }) => check);
  const title = judged ? `Broken by nothing of today: ${clean.length}` : 'From these checks';
  return [
    '',
    ...hang('  ', headline(answer), look.width),
    '',
    ...brokenLines(broken, look),
    ...listLines(title, clean.join(', '), look),
    ...exceptedLines(rails, look),
    ...notices.flatMap((notice) => [...hang('  ', visible(notice), look.width), '']),
    ...(rails.length === 0 ? [] : nextLines(answer, look)),
  ].join('\n');
}
