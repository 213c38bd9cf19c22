// Words for needs, times and proofs of roles, which the YAML and the page share.

import type { NeedView, RolesAnswer, SubjectRoles } from '../../../app/roles/roles-answer.ts';
import { pushTo } from '../../../model/index.ts';
import { visible } from '../../style.ts';
import { count } from '../words.ts';

/** Needs that are named before the rest becomes a number. */
const mostNeeds = 4;

export function grouped(number: number): string {
  return number.toLocaleString('en');
}

/** `2026-01-02 09:59` in UTC. */
export function timeText(iso: string): string {
  return iso.slice(0, 16).replace('T', ' ');
}

/** `23 h 59 min`, `12 days`. */
function spanText(first: string, last: string): string {
  const minutes = Math.floor((Date.parse(last) - Date.parse(first)) / 60_000);
  const hours = Math.floor(minutes / 60);
  if (hours >= 72) return count(Math.floor(hours / 24), 'day');
  if (hours === 0) return minutes === 0 ? 'less than a minute' : `${minutes} min`;
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

/** `2026-01-01 10:00 to 2026-01-02 09:59 UTC, 23 h 59 min`. */
export function windowText({ first, last }: { readonly first?: string; readonly last?: string }): string {
  if (first === undefined || last === undefined) return 'without times';
  return `${timeText(first)} to ${timeText(last)} UTC, ${spanText(first, last)}`;
}

interface Named {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** `ServiceAccount shop/web`, `User jana`. */
export function subjectTitle({ kind, namespace, name }: Named): string {
  return visible(`${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`);
}

/** `pods "web" in shop`. */
function objectName(need: NeedView): string {
  if ('url' in need) return need.url;
  const { group, resource, subresource, namespace, name } = need;
  const what = `${resource}${group === '' ? '' : `.${group}`}${subresource === undefined ? '' : `/${subresource}`}`;
  return `${what}${name === undefined ? '' : ` "${name}"`}${namespace === '' ? '' : ` in ${namespace}`}`;
}

/** `list, watch pods in shop`: needs that differ in their verbs alone are one. */
export function needNames(needs: readonly NeedView[]): string[] {
  const verbs = new Map<string, string[]>();
  for (const need of needs) pushTo(verbs, objectName(need), need.verb);
  return [...verbs].map(([name, list]) => `${list.join(', ')} ${name}`);
}

function declaredText(needs: readonly NeedView[]): string[] {
  const sources = needs.flatMap(({ declared = [] }) => declared);
  const places = [...new Set(sources.map(({ what, file, line }) => `${what}, ${file}:${line}`))];
  return places.length === 0 ? [] : [`declared by ${places.slice(0, mostNeeds).join('; ')}`];
}

/** What a rule rests on: `2,103 requests, the last 2026-01-02 09:59: list pods in shop`. */
export function restText(needs: readonly NeedView[]): string {
  const requests = needs.reduce((sum, each) => sum + each.requests, 0);
  const last = needs
    .flatMap((each) => each.last ?? [])
    .toSorted()
    .at(-1);
  const all = needNames(needs);
  const names = all.slice(0, mostNeeds);
  const more = all.length > mostNeeds ? [`${all.length - mostNeeds} more`] : [];
  const seen = requests === 0 ? [] : [`${grouped(requests)} ${requests === 1 ? 'request' : 'requests'}`];
  const when = last === undefined ? [] : [`the last ${timeText(last)}`];
  return visible(`${[...seen, ...when, ...declaredText(needs)].join(', ')}: ${[...names, ...more].join('; ')}`);
}

const beyondWords = {
  verb: 'verbs that were not seen',
  'any-name': 'any name, where some were seen',
  'any-namespace': 'any namespace, where some were seen',
} as const;

/** `12 of 12 needs allowed`, and what is granted beyond. */
export function proofTexts({
  proof,
}: Pick<SubjectRoles, 'proof'>): { readonly good: boolean; readonly text: string }[] {
  const { needs, allowed, granted, beyond, missing } = proof;
  const reasons = [...new Set(beyond.map(({ reason }) => reason))].map(
    (reason) => `${beyond.filter((each) => each.reason === reason).length} for ${beyondWords[reason]}`,
  );
  const kept = {
    good: missing.length === 0,
    text: `${allowed} of ${needs} needs allowed, put to the authorizer one by one`,
  };
  const refused = missing.map((each) => ({ good: false, text: `not allowed: ${visible(each)}` }));
  const more =
    beyond.length === 0
      ? `${granted} of ${granted} rights that these roles give were needed`
      : `${granted - beyond.length} of ${granted} rights that these roles give were needed; beyond: ${reasons.join(', ')}`;
  return [kept, ...refused, { good: beyond.length === 0, text: more }];
}

/** What the log is: how much, from when to when, and what of it is not used. */
export function logTexts({ log, leftOut }: Pick<RolesAnswer, 'log' | 'leftOut'>): string[] {
  if (log === undefined) return [];
  const { requests, denied, undecided, files } = log;
  const ignored = files.reduce((sum, each) => sum + each.ignored, 0);
  const reasons = [...new Set(leftOut.map(({ reason }) => reason))];
  return [
    `${grouped(requests)} requests, ${windowText(log)}`,
    ...(denied === 0 ? [] : [`${grouped(denied)} denied: what is denied is no need`]),
    ...(undecided === 0 ? [] : [`${grouped(undecided)} events tell no outcome and are not used`]),
    ...(ignored === 0 ? [] : [`${grouped(ignored)} lines hold no event that can be understood`]),
    ...reasons.map((reason) => {
      const users = leftOut.filter((each) => each.reason === reason).map(({ user }) => visible(user));
      const named = users.slice(0, mostNeeds).join(', ');
      return `left out, ${reason}: ${users.length > mostNeeds ? `${named} and ${users.length - mostNeeds} more` : named}`;
    }),
  ];
}

/** What everybody has, and what counts as given. */
export function givenTexts({ given }: SubjectRoles): string[] {
  return given.map(
    ({ by, needs, requests }) =>
      `${count(needs, 'need')} (${grouped(requests)} ${requests === 1 ? 'request' : 'requests'}) allowed already: ${visible(by)}`,
  );
}

/** `4,103 requests from 3 pods, 12 denied`. */
export function seenText({ seen }: Pick<SubjectRoles, 'seen'>): string {
  if (seen === undefined) return 'not seen';
  const pods = seen.pods === 0 ? '' : ` from ${count(seen.pods, 'pod')}`;
  const denied = seen.denied === 0 ? '' : `, ${grouped(seen.denied)} denied`;
  return `${grouped(seen.requests)} ${seen.requests === 1 ? 'request' : 'requests'}${pods}${denied}`;
}

/** Where nobody's roles can be told: why, and what would tell them. */
export function nobodyTexts({ log, subjects }: Pick<RolesAnswer, 'log' | 'subjects'>): string[] {
  if (subjects.length > 0) return [];
  if (log !== undefined) return ['nobody of the input has asked the API for something that was allowed'];
  return [
    'the input does not tell what its programs ask of the API: no kubectl, no discovery, no program whose needs are documented',
    'the log of the API server does: --audit-log FILE; unused-rights holds it against what is granted',
  ];
}
