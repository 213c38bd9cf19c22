// A rehearsal of network policies for a terminal: what will be made and asked, and what came out.

import type { Asked } from '../../app/network/rehearsal/asking.ts';
import type { RehearsalReport } from '../../app/network/rehearsal/report.ts';
import type { PreparedRehearsal } from '../../app/network/rehearse-network.ts';
import { hang } from '../layout.ts';
import { visible } from '../style.ts';
import type { Look } from './look.ts';
import { count } from './words.ts';

const mostNamed = 12;

export function renderRehearsalPlan(
  { plan, context }: PreparedRehearsal,
  image: string,
  { style, width }: Look,
): string {
  const { namespaces, standIns, closing, opening, probes } = plan;
  const names = standIns.map(({ of, ports }) => `${of}${ports.length === 0 ? '' : ` (${ports.join(', ')})`}`);
  const more = names.length > mostNamed ? [`and ${names.length - mostNamed} more`] : [];
  const number = (kind: Asked['kind']): number => probes.filter((probe) => probe.kind === kind).length;
  return [
    ...hang('  ', visible(`In the cluster ${context} this will make, and remove again when it is done:`), width),
    ...hang('    ', `${count(namespaces.length, 'namespace')}: ${namespaces.join(', ')}`, width),
    ...hang(
      '    ',
      `${count(standIns.length, 'pod')} of ${image} with the labels and ports of the app, and nothing else of it`,
      width,
    ),
    ...hang('      ', visible([...names.slice(0, mostNamed), ...more].join(', ')), width).map(style.dim),
    ...hang(
      '    ',
      `${count(closing.length + opening.length, 'network policy', 'network policies')} in these namespaces`,
      width,
    ),
    ...hang(
      '  ',
      `From inside of the pods it tries ${count(number('kept'), 'connection')} that must be kept, ${number('forbidden')} that must be refused, and ${count(number('dns'), 'question')} to the name server. The app itself is not touched.`,
      width,
    ),
    '',
  ].join('\n');
}

function askedWords({ from, to, port, expected, before, after }: Asked): string {
  const result =
    before === 'closed' && expected === 'open'
      ? 'was refused without any policy'
      : `was ${after}, and ${expected} was expected`;
  return `${from} → ${to}, ${port}: ${result}`;
}

function resultLine(
  report: RehearsalReport,
  kind: Asked['kind'],
  words: readonly [string, string, string],
  look: Look,
): string[] {
  const silent = new Set(refusedBefore(report));
  const all = report.asked.filter((each) => each.kind === kind && !silent.has(each));
  if (all.length === 0) return [];
  const right = all.filter(({ expected, after }) => expected === after).length;
  const { style, width } = look;
  const [one, many, what] = words;
  const mark = right === all.length ? style.good('✓') : style.bad('✗');
  return hang(`  ${mark} `, `${right} of ${all.length} ${all.length === 1 ? one : many} ${what}`, width);
}

/** What the control was held against. */
const closing = {
  copy: { before: 'without policies', closed: 'with everything closed' },
  live: { before: 'before', closed: 'with the policies' },
} as const;

function controlWords({ control, counts, mode }: RehearsalReport): string {
  const { from, to, port, before, closed } = control;
  const what = `${from} → ${to}, ${port}`;
  const words = closing[mode];
  if (counts) return `The control counts: ${what} got through ${words.before}, and was refused ${words.closed}`;
  const why = closed === 'open' ? 'This network does not hold pods to policies' : 'Something else stands in the way';
  return `The control does not count: ${what} was ${before} ${words.before} and ${closed} ${words.closed}. ${why}, and nothing is shown`;
}

function controlLine(report: RehearsalReport, { style, width }: Look): string[] {
  const { counts, trouble } = report;
  if (trouble !== undefined)
    return hang(
      `  ${style.bad('✗')} `,
      visible(`Ended early: ${trouble}. All was taken back at once, and nothing is shown`),
      width,
    );
  return hang(`  ${counts ? style.good('✓') : style.bad('✗')} `, visible(controlWords(report)), width);
}

/** On the app itself something else may refuse before. */
function refusedBefore({ mode, asked }: RehearsalReport): Asked[] {
  return mode === 'copy' ? [] : asked.filter(({ kind, before }) => kind !== 'forbidden' && before === 'closed');
}

function refusedBeforeLines(report: RehearsalReport, { style, width }: Look): string[] {
  const refused = refusedBefore(report);
  if (refused.length === 0) return [];
  return [
    `  ${style.bold('Refused already without the policies: nothing is shown of these')} ${style.dim(String(refused.length))}`,
    ...refused.flatMap(({ from, to, port }) => hang('    ', visible(`${from} → ${to}, ${port}`), width)),
    '',
  ];
}

function notProbedLines({ notProbed }: RehearsalReport, { style, width }: Look): string[] {
  if (notProbed.length === 0) return [];
  return [
    `  ${style.bold('Kept by the policies, and not tried here')} ${style.dim(String(notProbed.length))}`,
    ...notProbed
      .flatMap(({ from, to, port, why }) => hang('    ', visible(`${from} → ${to}, ${port}: ${why}`), width))
      .map(style.dim),
    '',
  ];
}

function titleOf({ mode, source, context }: RehearsalReport): string {
  return mode === 'live' ? `The app itself held to its policies in ${context}` : `${source} rehearsed on ${context}`;
}

export function renderRehearsal(report: RehearsalReport, look: Look): string {
  const { style, width } = look;
  return [
    '',
    ...hang('  ', visible(titleOf(report)), width),
    ...controlLine(report, look),
    ...resultLine(
      report,
      'kept',
      ['connection that must be kept', 'connections that must be kept', 'got through'],
      look,
    ),
    ...resultLine(report, 'dns', ['question to the name server', 'questions to the name server', 'answered'], look),
    ...resultLine(
      report,
      'forbidden',
      ['connection that nobody needs', 'connections that nobody needs', 'refused'],
      look,
    ),
    '',
    ...(report.surprises.length === 0
      ? []
      : [
          `  ${style.bold('Otherwise than predicted')} ${style.dim(String(report.surprises.length))}`,
          ...report.surprises.flatMap((each) => hang('    ', visible(askedWords(each)), width)),
          '',
        ]),
    ...refusedBeforeLines(report, look),
    ...notProbedLines(report, look),
    ...hang('  ', 'Everything that was made is removed.', width).map(style.dim),
    '',
  ].join('\n');
}
