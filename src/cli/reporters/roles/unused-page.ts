// Rights that nobody used for a terminal: per subject what was granted and used, how to take the rest away, and tokens without a use.

import type { RemovalView, SubjectUnused, UnusedAnswer } from '../../../app/roles/unused-answer.ts';
import { pushTo } from '../../../model/index.ts';
import { hang, padEnd } from '../../layout.ts';
import { visible } from '../../style.ts';
import { namesText, scopeText, whatText } from '../rights.ts';
import { count } from '../words.ts';
import type { Look } from '../look.ts';
import { grouped, logTexts, needNames, proofTexts, seenText, timeText } from './words.ts';

/** Unused parts, and needs, that are named before the rest becomes a number. */
const mostNamed = 6;

type Grant = SubjectUnused['grants'][number];

/** More rules of one binding that nobody used are told in one line. */
const mostUnusedRules = 3;

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

function grantText(grant: Grant): string {
  return visible(`${grant.verbs.join(', ')} on ${whatText(grant)}${namesText(grant.resourceNames)}`);
}

function grantLines(grant: Grant, { style, width }: Look): string[] {
  const paint = { used: style.good, partly: style.warn, never: style.bad }[grant.state];
  const details = [usedText(grant), unusedText(grant)].filter((text) => text !== '');
  return [
    ...hang(`      ${paint(padEnd(stateWords[grant.state], 6))}  `, grantText(grant), width),
    ...details.flatMap((text) => hang(' '.repeat(14), text, width)).map(style.dim),
  ];
}

/** What changes something, or speaks for somebody, matters more than what reads. */
function worstFirst(parts: readonly string[]): string[] {
  const rank = (part: string): number =>
    /^(?:get|list|watch) /.test(part) ? 2 : part.startsWith('impersonate ') ? 0 : 1;
  return parts.toSorted((a, b) => rank(a) - rank(b));
}

/** What nobody used of a large role, in one line. */
function neverLines(never: readonly Grant[], rules: number, { style, width }: Look): string[] {
  const parts = worstFirst(never.flatMap(({ unused }) => unused));
  const text = `${never.length} of ${rules} rules: ${listed(parts)}`;
  return hang(`      ${style.bad(padEnd('never', 6))}  `, text, width);
}

/** One binding: where its role holds, and what of it was used. */
function bindingLines(grants: readonly Grant[], isCluster: boolean, look: Look): string[] {
  const [first] = grants;
  if (first === undefined) return [];
  const { binding, role, namespace } = first;
  const place = isCluster ? '' : `, ${visible(`${binding.position.file}:${binding.position.line}`)}`;
  const kind = visible(`${role.kind} ${role.name}${role.builtIn ? ' (built in)' : ''}`);
  const title = `${bindingName(binding)}: ${kind} ${scopeText(namespace)}${place}`;
  const never = grants.filter(({ state }) => state === 'never');
  const told = never.length > mostUnusedRules ? grants.filter(({ state }) => state !== 'never') : grants;
  return [
    ...hang('    ', title, look.width),
    ...told.flatMap((grant) => grantLines(grant, look)),
    ...(told === grants ? [] : neverLines(never, grants.length, look)),
  ];
}

function byBinding(grants: readonly Grant[]): Grant[][] {
  const groups = new Map<string, Grant[]>();
  for (const grant of grants) pushTo(groups, bindingName(grant.binding), grant);
  return [...groups.values()];
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

function subjectLines(each: SubjectUnused, isCluster: boolean, look: Look): string[] {
  const { style, width } = look;
  const { kind, namespace, name } = each.subject;
  const title = visible(`${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`);
  const seen = kind === 'Group' ? '' : each.seen === undefined ? 'no request in the log' : seenText(each);
  return [
    ...hang(`  ${style.bold(title)}  `, seen, width),
    ...byBinding(each.grants).flatMap((grants) => bindingLines(grants, isCluster, look)),
    ...planLines(each, look),
    ...[...groupNote(each), ...each.notes].flatMap((note) => hang(`    ${style.warn('?')} `, note, width)),
    '',
  ];
}

function tokenLines({ tokens, cluster }: UnusedAnswer, { style, width }: Look): string[] {
  if (tokens.length === 0) return [];
  const rows = tokens.map(({ workload, account, position }) => {
    const where = `${workload.kind} ${workload.namespace}/${workload.name}`;
    const place = cluster === undefined ? `, ${position.file}:${position.line}` : '';
    return `${where}, account ${account}${place}`;
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
    ...answer.subjects.flatMap((each) => subjectLines(each, answer.cluster !== undefined, look)),
    ...tokenLines(answer, look),
    ...openLines(answer, look),
  ].join('\n');
}
