// Why one connection is open or not, for a terminal.

import type { WhyAnswer } from '../../../app/network/explain-connection.ts';
import { type ExplainedSide, namesOf } from '../../../reachability/index.ts';
import { hang, stringWidth } from '../../layout.ts';
import { type Style, visible } from '../../style.ts';
import type { NetworkLook } from './text.ts';

const actionWords = { allow: 'allows', deny: 'denies', pass: 'passes on' } as const;

type ExplainedPolicy = ExplainedSide['policies'][number];

function inkOf(style: Style, verdict: WhyAnswer['verdict']): (text: string) => string {
  if (verdict === 'allowed') return style.good;
  return verdict === 'denied' ? style.bad : style.warn;
}

function askedWords({ protocol, port, service }: WhyAnswer): string {
  const own = port === undefined ? '' : `${protocol} ${port}`;
  if (service === undefined) return own;
  const dialled = service.port === undefined || service.port === port ? '' : `, dialled at ${service.port}`;
  return `${own}${own === '' ? '' : ' '}(Service ${service.name}${dialled})`;
}

function headLines(answer: WhyAnswer, { style, width }: NetworkLook): string[] {
  const { from, to, verdict, open, unknown, differs } = answer;
  const ends = visible([`${from} → ${to}`, askedWords(answer)].filter((each) => each !== '').join('  '));
  const ink = inkOf(style, verdict);
  const lines = hang('  ', ends, width).map(style.bold);
  if (verdict !== undefined) lines.push(`  ${ink(verdict === 'unknown' ? 'not known' : verdict)}`);
  if (open !== undefined) lines.push(...hang('  ', `open: ${open}`, width));
  if (unknown !== undefined && unknown !== 'nothing')
    lines.push(...hang('  ', `not known: ${unknown}`, width).map(style.warn));
  if (differs)
    lines.push(
      ...hang('  ', 'Pods of one workload are not treated alike: this is the pair that gets least.', width).map(
        style.warn,
      ),
    );
  return lines;
}

function sideTitle({ direction, verdict, why, policies }: ExplainedSide, answer: WhyAnswer): string {
  const names = namesOf([answer.from, answer.to]);
  const [verb, end] = direction === 'egress' ? ['Leaving', answer.from] : ['Entering', answer.to];
  const who = `${verb} ${names.get(end) ?? end}`;
  if (verdict !== undefined) return `${who}: ${why ?? verdict}`;
  if (policies.length > 0) return `${who}: what these policies let through`;
  return `${who}: no policy is about its ${direction}`;
}

function policyLines(
  { kind, namespace, name, position, rules }: ExplainedPolicy,
  direction: string,
  width: number,
): string[] {
  const title = `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`;
  const place = (at: ExplainedPolicy['position']): string => `${at.file}:${at.line}`;
  const rows: readonly (readonly [string, string])[] =
    rules.length === 0
      ? [[`${title}: closes what no policy opens`, place(position)]]
      : rules.map(({ number, action, ports, isSure, position: at }) => {
          const doubt = isSure ? '' : ', if it is about this at all';
          return [`${title}, ${direction} rule ${number}: ${actionWords[action]} ${ports}${doubt}`, place(at)];
        });
  return rows.flatMap(([text, at]) => {
    const [words, where] = [visible(text), visible(at)];
    const isShort = stringWidth(words) + stringWidth(where) + 6 <= width;
    return isShort ? [`    ${words}  ${where}`] : [...hang('    ', words, width), ...hang('      ', where, width)];
  });
}

/** Which of the ingress controllers is meant. */
function servedLines({ served = [] }: WhyAnswer, { style, width }: NetworkLook): string[] {
  return served.flatMap(({ by, asked, bringers, isSure }) => {
    const who = bringers.length === 0 ? 'nobody knows whom' : bringers.join(', ');
    const text = `${by} asks for ${asked}: served by ${who}${isSure ? '' : ', as far as can be told'}`;
    return hang('  ', visible(text), width).map(isSure ? style.dim : style.warn);
  });
}

export function renderWhy(answer: WhyAnswer, look: NetworkLook): string {
  const { style, width } = look;
  const sides = answer.sides.flatMap((side) => [
    '',
    ...hang('  ', visible(sideTitle(side, answer)), width),
    ...side.policies.flatMap((policy) => policyLines(policy, side.direction, width)).map(style.dim),
  ]);
  return ['', ...headLines(answer, look), ...servedLines(answer, look), ...sides, '', ''].join('\n');
}
