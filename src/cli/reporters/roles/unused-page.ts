// Rights that nobody used for a terminal: per subject what was granted and used, how to take the rest away, and tokens without a use.

import type { RemovalView, SubjectUnused, UnusedAnswer } from '../../../app/roles/unused-answer.ts';
import { hang, padEnd } from '../../layout.ts';
import { visible } from '../../style.ts';
import { namesText, scopeText, sourceText, whatText } from '../rights.ts';
import { count } from '../words.ts';
import type { Look } from './page.ts';
import { grouped, logTexts, needNames, proofTexts, seenText, timeText } from './words.ts';

/** Unused parts, and needs, that are named before the rest becomes a number. */
const mostNamed = 6;

type Grant = SubjectUnused['grants'][number];

const stateWords = { used: 'used', partly: 'partly', never: 'never' } as const;

function listed(items: readonly string[]): string {
  const more = items.length > mostNamed ? [`${items.length - mostNamed} more`] : [];
  return visible([...items.slice(0, mostNamed), ...more].join('; '));
}

function usedText({ used, requests, last }: Grant): string {
  if (used.length === 0) return '';
  const when = last === undefined ? '' : `, the last ${timeText(last)}`;
  return `used for ${listed(needNames(used))}: ${grouped(requests)} ${requests === 1 ? 'request' : 'requests'}${when}`;
}

/** Of a wildcard, what was used of it says enough. */
function unusedText({ unused, state, wildcard }: Grant): string {
  return state === 'partly' && !wildcard ? `not used: ${listed(unused)}` : '';
}

function grantLines(grant: Grant, { style, width }: Look): string[] {
  const paint = { used: style.good, partly: style.warn, never: style.bad }[grant.state];
  const verbs = visible(grant.verbs.join(', '));
  const what = visible(`${whatText(grant)}${namesText(grant.resourceNames)}`);
  const details = [usedText(grant), unusedText(grant), sourceText(grant)].filter((text) => text !== '');
  return [
    ...hang(
      `    ${paint(padEnd(stateWords[grant.state], 6))}  `,
      `${verbs}  ${what}  ${scopeText(grant.namespace)}`,
      width,
    ),
    ...details.flatMap((text) => hang(' '.repeat(12), text, width)).map(style.dim),
  ];
}

function bindingName({ kind, namespace, name }: RemovalView['keep'][number]): string {
  return visible(`${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`);
}

/** What is applied and what is removed, in this order. */
function planLines({ plan, subject }: SubjectUnused, { style, width }: Look): string[] {
  if (plan === undefined) return [];
  const { apply, remove, proof } = plan;
  const rules = apply.reduce((sum, { restOn }) => sum + restOn.length, 0);
  const first =
    apply.length === 0 ? [] : [`apply ${count(apply.length, 'smaller role')} with ${count(rules, 'rule')} (-o yaml)`];
  const rest = remove.map(({ binding, how }) =>
    how === 'binding'
      ? `delete ${bindingName(binding)}`
      : `take ${visible(subject.name)} out of ${bindingName(binding)}`,
  );
  return [
    ...[...first, ...rest].flatMap((text, index) => hang(`    ${style.command(`${index + 1}.`)} `, text, width)),
    ...proofTexts({ proof }).flatMap(({ good, text }) =>
      hang(`    ${good ? style.good('✓') : style.warn('!')} `, text, width),
    ),
  ];
}

function groupNote({ subject }: SubjectUnused): string[] {
  return subject.kind === 'Group'
    ? ['What all members did counts. No plan: somebody of the group may use tomorrow what nobody used in this window.']
    : [];
}

function subjectLines(each: SubjectUnused, look: Look): string[] {
  const { style, width } = look;
  const { kind, namespace, name } = each.subject;
  const title = visible(`${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`);
  const seen = kind === 'Group' ? '' : each.seen === undefined ? 'no request in the log' : seenText(each);
  return [
    ...hang(`  ${style.bold(title)}  `, seen, width),
    ...each.grants.flatMap((grant) => grantLines(grant, look)),
    ...planLines(each, look),
    ...[...groupNote(each), ...each.notes].flatMap((note) => hang(`    ${style.warn('?')} `, note, width)),
    '',
  ];
}

function tokenLines({ tokens }: UnusedAnswer, { style, width }: Look): string[] {
  if (tokens.length === 0) return [];
  const rows = tokens.map(({ workload, account, position }) => {
    const where = `${workload.kind} ${workload.namespace}/${workload.name}`;
    return `${where}, account ${account}, ${position.file}:${position.line}`;
  });
  return [
    ...hang(
      `  ${style.bold(`Tokens that nobody uses: ${tokens.length}`)}  `,
      'automountServiceAccountToken: false closes them',
      width,
    ),
    ...rows.flatMap((row) => hang('    ', visible(row), width)),
    '',
  ];
}

function openLines({ open }: UnusedAnswer, { style, width }: Look): string[] {
  if (open.length === 0) return [];
  const lines = open.map(
    ({ binding, role }) =>
      `${bindingName(binding)} gives ${visible(`${role.kind} ${role.name}`)}, which the input does not hold`,
  );
  return [`  ${style.warn('Not known')}`, ...lines.flatMap((line) => hang('    ', line, width)), ''];
}

export function renderUnusedPage(answer: UnusedAnswer, look: Look): string {
  const { style, width } = look;
  const nobody = answer.subjects.length === 0 ? ['  No binding of the input names anybody.', ''] : [];
  return [
    '',
    ...logTexts({ ...answer, leftOut: [] }).flatMap((text, index) =>
      hang('  ', text, width).map(index === 0 ? style.bold : style.dim),
    ),
    '',
    ...nobody,
    ...answer.subjects.flatMap((each) => subjectLines(each, look)),
    ...tokenLines(answer, look),
    ...openLines(answer, look),
  ].join('\n');
}
