// Roles from evidence for a terminal: per subject the rules, what they rest on, and the proof.

import type { RolesAnswer, RoleView, SubjectRoles } from '../../../app/roles/roles-answer.ts';
import { asArray, asObject, asString, type Json, type JsonObject } from '../../../model/index.ts';
import { hang, padEnd } from '../../layout.ts';
import { visible } from '../../style.ts';
import { givenTexts, logTexts, nobodyTexts, proofTexts, restText, seenText, subjectTitle } from './words.ts';
import type { Look } from '../look.ts';

/** Names that are shown before the rest becomes a number. */
const mostNames = 6;

function texts(value: Json | undefined): string[] {
  return asArray(value).map((each) => visible(asString(each) ?? ''));
}

function listed(items: readonly string[]): string {
  const more = items.length > mostNames ? [`${items.length - mostNames} more`] : [];
  return [...items.slice(0, mostNames), ...more].join(', ');
}

/** `pods, services`, `deployments (apps), only web`, `path /metrics`. */
function whatText(rule: JsonObject): string {
  const urls = texts(rule['nonResourceURLs']);
  if (urls.length > 0) return `${urls.length === 1 ? 'path' : 'paths'} ${listed(urls)}`;
  const groups = texts(rule['apiGroups']).filter((group) => group !== '');
  const names = texts(rule['resourceNames']);
  return `${listed(texts(rule['resources']))}${groups.length === 0 ? '' : ` (${groups.join(', ')})`}${names.length === 0 ? '' : `, only ${listed(names)}`}`;
}

function roleLines({ role, restOn }: RoleView, { style, width }: Look): string[] {
  const { name, namespace } = asObject(role['metadata']);
  const place = namespace === undefined ? '' : `${asString(namespace) ?? ''}/`;
  const rules = asArray(role['rules']).map(asObject);
  const room = Math.max(...rules.map((rule) => texts(rule['verbs']).join(', ').length));
  const lines = rules.flatMap((rule, index) => [
    ...hang(`      ${padEnd(texts(rule['verbs']).join(', '), room)}  `, whatText(rule), width),
    ...hang(' '.repeat(room + 10), restText(restOn[index] ?? []), width).map(style.dim),
  ]);
  return [`    ${visible(`${asString(role['kind']) ?? ''} ${place}${asString(name) ?? ''}`)}`, ...lines];
}

function subjectLines(subject: SubjectRoles, look: Look): string[] {
  const { style, width } = look;
  const proof = proofTexts(subject).flatMap(({ good, text }) =>
    hang(`    ${good ? style.good('✓') : style.warn('!')} `, text, width),
  );
  const nothing = subject.roles.length === 0 ? ['    Needs no role.'] : [];
  return [
    ...hang(`  ${style.bold(subjectTitle(subject.subject))}  `, seenText(subject), width),
    ...subject.roles.flatMap((role) => roleLines(role, look)),
    ...nothing,
    ...proof,
    ...givenTexts(subject).flatMap((text) => hang('    ', text, width).map(style.dim)),
    ...subject.notes.flatMap((note) => hang(`    ${style.warn('?')} `, note, width)),
    '',
  ];
}

export function renderRolesPage(answer: RolesAnswer, look: Look): string {
  const why = nobodyTexts(answer).flatMap((text) => hang('    ', text, look.width));
  const nobody = why.length === 0 ? [] : ['  Nobody whose roles could be told.', ...why, ''];
  return [
    '',
    ...logTexts(answer).flatMap((text, index) =>
      hang('  ', text, look.width).map(index === 0 ? look.style.bold : look.style.dim),
    ),
    '',
    ...nobody,
    ...answer.subjects.flatMap((subject) => subjectLines(subject, look)),
  ].join('\n');
}
