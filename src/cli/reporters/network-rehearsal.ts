// A rehearsal of network policies for a terminal: what will be made and asked, and what came out.

import type { Asked, PreparedRehearsal, RehearsalReport } from '../../app/network/rehearse-network.ts';
import { hang } from '../layout.ts';
import { type Style, visible } from '../style.ts';
import { count } from './words.ts';

interface Look {
  readonly style: Style;
  readonly width: number;
}

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
  const result = before === 'closed' ? 'was refused without any policy' : `was ${after}, and ${expected} was expected`;
  return `${from} → ${to}, ${port}: ${result}`;
}

function resultLine(
  report: RehearsalReport,
  kind: Asked['kind'],
  words: readonly [string, string, string],
  look: Look,
): string[] {
  const all = report.asked.filter((each) => each.kind === kind);
  if (all.length === 0) return [];
  const right = all.filter(({ expected, after }) => expected === after).length;
  const { style, width } = look;
  const [one, many, what] = words;
  const mark = right === all.length ? style.good('✓') : style.bad('✗');
  return hang(`  ${mark} `, `${right} of ${all.length} ${all.length === 1 ? one : many} ${what}`, width);
}

function controlLine({ control, counts }: RehearsalReport, { style, width }: Look): string[] {
  const { from, to, port, before, closed } = control;
  const what = `${from} → ${to}, ${port}`;
  const text = counts
    ? `The control counts: ${what} got through without policies, and was refused when everything was closed`
    : `The control does not count: ${what} was ${before} without policies and ${closed} with everything closed. ${closed === 'open' ? 'This network does not hold pods to policies' : 'Something else stands in the way'}, and nothing is shown`;
  return hang(`  ${counts ? style.good('✓') : style.bad('✗')} `, visible(text), width);
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

export function renderRehearsal(report: RehearsalReport, look: Look): string {
  const { style, width } = look;
  return [
    '',
    ...hang('  ', visible(`${report.source} rehearsed on ${report.context}`), width),
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
    ...notProbedLines(report, look),
    ...hang('  ', 'Everything that was made is removed.', width).map(style.dim),
    '',
  ].join('\n');
}
