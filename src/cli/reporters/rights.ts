// Answers about rights for a terminal: who, where, and by which binding, role and rule.

import type { Detour, GrantView, OpenBinding, WhatCanAnswer, WhoCanAnswer } from '../../app/roles/rights.ts';
import { hang, padEnd } from '../layout.ts';
import { visible } from '../style.ts';
import type { Look } from './look.ts';
import { count } from './words.ts';

type Subject = Detour['subject'];

function subjectText({ kind, namespace, name }: Subject): string {
  return visible(`${kind} ${kind === 'ServiceAccount' ? `${namespace}/` : ''}${name}`);
}

function bindingText({ kind, namespace, name }: GrantView['binding']): string {
  return visible(`${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`);
}

export function scopeText(namespace: string): string {
  return namespace === '' ? 'in the whole cluster' : `in namespace ${visible(namespace)}`;
}

/** `RoleBinding shop/api, Role reader rules[0], rbac.yaml:12`. */
function sourceText({ binding, role }: GrantView): string {
  const { file, line } = binding.position;
  const roleText = `${role.kind} ${role.name}${role.builtIn ? ' (built in)' : ` rules[${role.rule}]`}`;
  return `${bindingText(binding)}, ${visible(roleText)}, ${visible(`${file}:${line}`)}`;
}

export function namesText(names: readonly string[]): string {
  return names.length === 0 ? '' : `, only ${names.map(visible).join(', ')}`;
}

/** A right once for each binding, however many rules of the role give it. */
function distinct(lines: readonly string[]): string[] {
  return [...new Set(lines)];
}

function detourLines(detours: readonly Detour[], { style, width }: Look): string[] {
  if (detours.length === 0) return [];
  const lines = detours.flatMap(({ subject, way }) => hang('    ', `${subjectText(subject)} ${visible(way)}`, width));
  return [`  ${style.bad('By making themselves cluster administrator')}`, ...lines, ''];
}

function openLines(open: readonly OpenBinding[], { style, width }: Look): string[] {
  if (open.length === 0) return [];
  const lines = open.flatMap(({ binding, role }) =>
    hang(
      '    ',
      `${bindingText(binding)} gives ${visible(`${role.kind} ${role.name}`)}, which the input does not hold`,
      width,
    ),
  );
  return [`  ${style.warn('Not known')}`, ...lines, ''];
}

export function renderWhoCan({ question, holders, detours, open }: WhoCanAnswer, look: Look): string {
  const { style, width } = look;
  const lines = holders.flatMap(({ subject, grants }) => {
    const ways = distinct(
      grants.map((grant) => `${scopeText(grant.namespace)}${namesText(grant.resourceNames)}: ${sourceText(grant)}`),
    );
    return [`  ${style.bold(subjectText(subject))}`, ...ways.flatMap((way) => hang('    ', way, width)), ''];
  });
  const nobody = holders.length === 0 ? ['  Nobody in the input, by a binding.', ''] : [];
  return [
    '',
    `  Who can ${visible(question)}: ${count(holders.length, 'subject')}`,
    '',
    ...nobody,
    ...lines,
    ...detourLines(detours, look),
    ...openLines(open, look),
  ].join('\n');
}

export function whatText({ apiGroups, resources, nonResourceURLs }: GrantView): string {
  if (nonResourceURLs.length > 0)
    return `${nonResourceURLs.length === 1 ? 'path' : 'paths'} ${nonResourceURLs.join(', ')}`;
  if (resources.includes('*') && apiGroups.includes('*')) return 'everything';
  const groups = apiGroups.filter((group) => group !== '');
  return `${resources.join(', ')}${groups.length === 0 ? '' : ` (${groups.join(', ')})`}`;
}

function scopeLines(namespace: string, grants: readonly GrantView[], { style, width }: Look): string[] {
  const room = Math.min(40, Math.max(...grants.map(({ verbs }) => verbs.join(', ').length)));
  const lines = grants.flatMap((grant) => {
    const verbs = padEnd(visible(grant.verbs.join(', ')), room);
    const what = visible(`${whatText(grant)}${namesText(grant.resourceNames)}`);
    return [
      ...hang(`    ${verbs}  `, what, width),
      ...hang(' '.repeat(room + 6), sourceText(grant), width).map(style.dim),
    ];
  });
  return [`  ${style.bold(scopeText(namespace))}`, ...lines, ''];
}

export function renderWhatCan({ subject, grants, detour, open }: WhatCanAnswer, look: Look): string {
  const scopes = [...new Set(grants.map(({ namespace }) => namespace))].sort();
  const nothing = grants.length === 0 ? ['  Nothing, by a binding of the input.', ''] : [];
  return [
    '',
    `  What ${subjectText(subject)} can do`,
    '',
    ...nothing,
    ...scopes.flatMap((namespace) =>
      scopeLines(
        namespace,
        grants.filter((grant) => grant.namespace === namespace),
        look,
      ),
    ),
    ...(detour === undefined ? [] : detourLines([{ subject, way: detour }], look)),
    ...openLines(open, look),
  ].join('\n');
}
