// What bindings and roles of the input come to: who, where, through which role; told by the checks that ask.

import { describe, expect, it } from 'vitest';
import type { Check } from '../check.ts';
import { runOnText } from '../run-on-text.ts';
import { aggregatedRoleDangerous } from './aggregated-role-dangerous.ts';
import { anonymousSubject } from './anonymous-subject.ts';
import { authenticatedSubject } from './authenticated-subject.ts';
import { clusterAdminBinding } from './cluster-admin-binding.ts';
import { corednsWrite } from './coredns-write.ts';
import { defaultAccountBound } from './default-account-bound.ts';
import { impersonate } from './impersonate.ts';
import { mastersSubject } from './masters-subject.ts';
import { nodesProxy } from './nodes-proxy.ts';
import { roleMissing } from './role-missing.ts';
import { rolesEscalate } from './roles-escalate.ts';
import { secretsRead } from './secrets-read.ts';
import { subjectMissing } from './subject-missing.ts';
import { wildcardResources } from './wildcard-resources.ts';
import { wildcardVerbs } from './wildcard-verbs.ts';

const group = 'apiVersion: rbac.authorization.k8s.io/v1';
const secrets = '{apiGroups: [""], resources: [secrets], verbs: [get, list]}';
const configMaps = '{apiGroups: [""], resources: [configmaps], verbs: [get]}';

const role = (kind: string, rules: string, metadata = 'name: reader') =>
  `---\n${group}\nkind: ${kind}\nmetadata: {${metadata}}\nrules: [${rules}]\n`;
function binding(kind: string, subjects: string, name = 'a', roleRef = 'kind: ClusterRole, name: reader') {
  return `---\n${group}\nkind: ${kind}\nmetadata: {${name.includes(':') ? name : `name: ${name}`}}\nroleRef: {apiGroup: rbac.authorization.k8s.io, ${roleRef}}\nsubjects: [${subjects}]\n`;
}
const user = (name: string) => `{kind: User, name: ${name}}`;
const account = (name: string, namespace = ', namespace: shop') => `{kind: ServiceAccount, name: ${name}${namespace}}`;
const findings = (check: Check, text: string) => runOnText(check, text).findings;
const messages = (check: Check, text: string) => findings(check, text).map(({ message }) => message);
const outcome = (check: Check, text: string) => runOnText(check, text).outcome;

describe('a role that reads Secrets is told with who holds it and where', () => {
  const reader = role('ClusterRole', `${configMaps}, ${secrets}`);
  const inShop = (name: string) => `name: ${name}, namespace: shop`;

  it.each([
    [
      'by one, everywhere',
      binding('ClusterRoleBinding', user('ann')),
      'lets User "ann" read Secrets in every namespace:',
    ],
    [
      'by two, in one namespace',
      binding('RoleBinding', `${user('ann')}, ${account('web')}`, inShop('a')),
      'lets User "ann" and ServiceAccount "shop/web" read Secrets in namespace "shop":',
    ],
    [
      'by three, in two namespaces',
      binding('RoleBinding', `${user('ann')}, ${user('bob')}`, inShop('a')) +
        binding('RoleBinding', `${user('cid')}, ${user('ann')}`),
      'lets User "ann" and 2 more read Secrets in 2 namespaces:',
    ],
    [
      'by an account of the namespace of the binding',
      binding('RoleBinding', account('web', ''), inShop('a')),
      'lets ServiceAccount "shop/web" read Secrets in namespace "shop":',
    ],
  ])('%s', (_, bindings, words) => {
    const found = findings(secretsRead, reader + bindings);
    expect(found.map(({ path, severity, evidence }) => [path, severity, evidence])).toEqual([
      ['/rules/1', 'high', 'rules[1] allows get, list on secrets'],
    ]);
    expect(found[0]?.message).toContain(`ClusterRole "reader" ${words}`);
  });

  it.each([
    ['nobody is bound to', ''],
    ['a binding without subjects names', binding('ClusterRoleBinding', '')],
    ['only what is no subject is bound to', binding('ClusterRoleBinding', '{kind: Team, name: ops}, {kind: User}')],
  ])('with low severity where %s', (_, bindings) => {
    expect(findings(secretsRead, reader + bindings)).toEqual([
      expect.objectContaining({
        severity: 'low',
        message: expect.stringContaining('nobody in the input is bound to it'),
      }),
    ]);
  });

  it('by those of the roles it is made part of', () => {
    const labels = 'name: reader, labels: {rbac.authorization.k8s.io/aggregate-to-edit: "true"}';
    expect(messages(secretsRead, role('ClusterRole', secrets, labels))).toEqual([
      expect.stringMatching(/^ClusterRole "reader" lets whoever holds .*"edit".* read Secrets: /),
    ]);
    const role2 = role('Role', secrets, `${labels}, namespace: shop`);
    expect(messages(secretsRead, role2)).toEqual([expect.stringContaining('nobody in the input is bound to it')]);
  });

  it('but not those that Kubernetes makes itself', () => {
    const made = 'name: x, labels: {kubernetes.io/bootstrapping: rbac-defaults}';
    expect(outcome(secretsRead, role('ClusterRole', secrets, made))).toBe('not-applicable');
    expect(outcome(secretsRead, role('ClusterRole', secrets, 'name: admin'))).toBe('not-applicable');
    expect(outcome(secretsRead, role('Role', secrets, 'name: admin'))).toBe('fail');
  });

  it('and only for what no names limit', () => {
    const named = '{apiGroups: [""], resources: [secrets], verbs: [get], resourceNames: [db]}';
    expect(outcome(secretsRead, role('ClusterRole', named))).toBe('pass');
    const all = '{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}';
    expect(outcome(secretsRead, role('ClusterRole', all))).toBe('pass');
    expect(outcome(wildcardResources, role('ClusterRole', all))).toBe('fail');
  });
});

describe('a right on what is in no namespace', () => {
  const proxy = '{apiGroups: [""], resources: [nodes/proxy], verbs: [get], resourceNames: [node-1]}';

  it.each([
    ['counts for the whole cluster', role('ClusterRole', proxy) + binding('ClusterRoleBinding', user('ann')), 1],
    ['counts where nobody is bound yet', role('ClusterRole', proxy), 1],
    [
      'is none in a Role',
      role('Role', proxy) + binding('RoleBinding', user('ann'), 'a', 'kind: Role, name: reader'),
      0,
    ],
    ['is none within a namespace', role('ClusterRole', proxy) + binding('RoleBinding', user('ann')), 0],
  ])('%s', (_, text, count) => {
    expect(findings(nodesProxy, text)).toHaveLength(count);
  });

  it('is told with those who have it only', () => {
    const both = binding('ClusterRoleBinding', user('ann')) + binding('RoleBinding', user('bob'), 'b');
    expect(messages(nodesProxy, role('ClusterRole', proxy) + both)).toEqual([
      expect.stringContaining('lets User "ann" reach'),
    ]);
  });

  it('may be limited by names, or not', () => {
    const rule = (more: string) =>
      role('ClusterRole', `{apiGroups: [""], resources: [users], verbs: [impersonate]${more}}`);
    expect(outcome(impersonate, rule(', resourceNames: [ann, "system:admin"]'))).toBe('fail');
    expect(outcome(impersonate, rule(', resourceNames: [ann]'))).toBe('pass');
    const escalate =
      '{apiGroups: [rbac.authorization.k8s.io], resources: [roles], verbs: [escalate], resourceNames: [x]}';
    expect(outcome(rolesEscalate, role('ClusterRole', escalate))).toBe('fail');
  });

  it('to change DNS needs kube-system', () => {
    const write = role('ClusterRole', '{apiGroups: [""], resources: [configmaps], verbs: [update]}');
    const inNamespace = (namespace: string, name: string) =>
      binding('RoleBinding', user('ann'), `name: ${name}, namespace: ${namespace}`);
    expect(outcome(corednsWrite, write + inNamespace('shop', 'a') + inNamespace('kube-system', 'b'))).toBe('fail');
    expect(outcome(corednsWrite, write + inNamespace('shop', 'a'))).toBe('pass');
  });
});

describe('stars', () => {
  const rule = (apiGroups: string, resources: string, verbs = '"*"') =>
    role('ClusterRole', `{apiGroups: [${apiGroups}], resources: [${resources}], verbs: [${verbs}]}`) +
    binding('ClusterRoleBinding', user('ann'));

  it.each([
    ['example.com', 'low'],
    ['example.com, apps', 'medium'],
    ['storage.k8s.io', 'medium'],
    ['apps', 'medium'],
  ])('for every verb of %s are %s', (groups, severity) => {
    const [found, ...rest] = findings(wildcardVerbs, rule(groups, 'things'));
    expect(rest).toEqual([]);
    expect(found?.severity === 'low').toBe(severity === 'low');
    expect(found?.evidence).toMatch(/^rules\[0\] allows \* on things/);
  });

  it.each([
    ['example.com', '"*"', 'low'],
    ['apps', '"*"', 'high'],
  ])('for every resource of %s are graded', (groups, resources, severity) => {
    expect(findings(wildcardResources, rule(groups, resources, 'get'))).toEqual([
      expect.objectContaining({ severity }),
    ]);
  });
});

describe('a binding', () => {
  it.each([
    ['ClusterRoleBinding', 'critical', 'administrator of the whole cluster'],
    ['RoleBinding', 'high', 'owner of namespace "default"'],
  ])('of cluster-admin by a %s is %s', (kind, severity, words) => {
    const text = binding(kind, user('ann'), 'a', 'kind: ClusterRole, name: cluster-admin');
    expect(findings(clusterAdminBinding, text)).toEqual([
      expect.objectContaining({ severity, message: expect.stringMatching(new RegExp(`makes User "ann" ${words}`)) }),
    ]);
  });

  it.each([
    ['with a Role of that name', binding('RoleBinding', user('ann'), 'a', 'kind: Role, name: cluster-admin'), 'pass'],
    ['that binds nobody', binding('ClusterRoleBinding', '', 'a', 'kind: ClusterRole, name: cluster-admin'), 'pass'],
    [
      'of Kubernetes itself',
      binding(
        'ClusterRoleBinding',
        '{kind: Group, name: "system:masters"}',
        'cluster-admin',
        'kind: ClusterRole, name: cluster-admin',
      ),
      'not-applicable',
    ],
    [
      'of that name for others',
      binding(
        'ClusterRoleBinding',
        `{kind: Group, name: "system:masters"}, ${user('ann')}`,
        'cluster-admin',
        'kind: ClusterRole, name: cluster-admin',
      ),
      'fail',
    ],
    [
      'of that name for a user who is called like the group',
      binding(
        'ClusterRoleBinding',
        user('"system:masters"'),
        'cluster-admin',
        'kind: ClusterRole, name: cluster-admin',
      ),
      'fail',
    ],
    [
      'of that name for another group',
      binding(
        'ClusterRoleBinding',
        '{kind: Group, name: ops}',
        'cluster-admin',
        'kind: ClusterRole, name: cluster-admin',
      ),
      'fail',
    ],
  ])('of cluster-admin %s', (_, text, verdict) => {
    expect(outcome(clusterAdminBinding, text)).toBe(verdict);
  });

  const names = (check: Check, subjects: string) =>
    findings(check, binding('ClusterRoleBinding', subjects)).map(({ path }) => path);
  const everybody = ['{kind: Group, name: "system:unauthenticated"}', user('"system:anonymous"')].join(', ');
  const members = ['system:authenticated', 'system:serviceaccounts', 'system:serviceaccounts:shop']
    .map((name) => `{kind: Group, name: "${name}"}`)
    .join(', ');

  it('of whole groups is told by the group', () => {
    const odd = `${user('"system:unauthenticated"')}, {kind: Group, name: "system:anonymous"}, ${user('"system:authenticated"')}, ${user('"system:masters"')}, ${user('default')}, {kind: Group, name: ops}`;
    const [anonymous, authenticated] = [names(anonymousSubject, everybody), names(authenticatedSubject, members)];
    expect([anonymous.length, authenticated.length]).toEqual([2, 3]);
    for (const check of [anonymousSubject, authenticatedSubject, mastersSubject, defaultAccountBound])
      expect(names(check, odd)).toEqual([]);
    expect(names(mastersSubject, '{kind: Group, name: "system:masters"}')).toHaveLength(1);
    expect(names(defaultAccountBound, `${account('web')}, ${account('default')}`)).toEqual([
      expect.stringMatching(/^\/subjects\/1/),
    ]);
    expect(
      findings(authenticatedSubject, binding('ClusterRoleBinding', members)).map(
        ({ severity }) => severity === 'medium',
      ),
    ).toEqual([false, false, true]);
  });

  it.each([
    ['Role', 'kube-system', 'system:controller:token-cleaner', 'pass'],
    ['Role', 'kube-system', 'kubeadm:nodes-kubeadm-config', 'pass'],
    ['Role', 'kube-system', 'web', 'fail'],
    ['Role', 'kube-public', 'kubeadm:bootstrap-signer-clusterinfo', 'pass'],
    ['Role', 'kube-public', 'system:controller:bootstrap-signer', 'pass'],
    ['Role', 'kube-public', 'web', 'fail'],
    ['Role', 'shop', 'system:web', 'fail'],
    ['ClusterRole', 'shop', 'system:node', 'pass'],
    ['ClusterRole', 'shop', 'kubeadm:get-nodes', 'pass'],
    ['ClusterRole', 'shop', 'view', 'pass'],
    ['ClusterRole', 'shop', 'web', 'unknown'],
    ['Group', 'shop', 'web', 'fail'],
  ])('to %s %s/%s: %s', (kind, namespace, name, verdict) => {
    const text = binding(
      'RoleBinding',
      user('ann'),
      `name: a, namespace: ${namespace}`,
      `kind: ${kind}, name: "${name}"`,
    );
    expect(outcome(roleMissing, text)).toBe(verdict);
  });

  it('for the whole cluster takes no Role', () => {
    const text = role('Role', secrets) + binding('ClusterRoleBinding', user('ann'), 'a', 'kind: Role, name: reader');
    expect(findings(roleMissing, text)).toEqual([
      expect.objectContaining({ path: '/roleRef/kind', evidence: 'roleRef.kind is Role; allowed: ClusterRole' }),
    ]);
  });

  it('for the whole cluster needs the namespace of an account', () => {
    expect(messages(subjectMissing, binding('ClusterRoleBinding', account('web', '')))).toEqual([
      expect.stringContaining('without its namespace'),
    ]);
    expect(outcome(subjectMissing, binding('RoleBinding', account('default', '')))).toBe('pass');
  });
});

describe('a role that is made part of others', () => {
  const labelled = (target: string, rules: string) =>
    role('ClusterRole', rules, `name: reader, labels: {rbac.authorization.k8s.io/aggregate-to-${target}: "true"}`);
  const write = '{apiGroups: [""], resources: [configmaps], verbs: [get, update]}';
  const roles = '{apiGroups: [rbac.authorization.k8s.io], resources: [roles], verbs: [create]}';

  it.each([
    ['view', configMaps, undefined],
    ['view', write, 'allows update on configmaps'],
    ['view', secrets, 'allows get, list on secrets'],
    ['edit', secrets, undefined],
    ['edit', write, undefined],
    ['edit', roles, 'allows create on roles'],
    ['admin', roles, undefined],
    ['view', '{apiGroups: [""], resources: [secrets], verbs: [get], resourceNames: [a]}', undefined],
    ['view', '{nonResourceURLs: [/x], verbs: [post]}', undefined],
    ['admin', '{apiGroups: [""], resources: [users], verbs: [impersonate]}', 'allows impersonate on users'],
  ])('%s with %s', (target, rule, evidence) => {
    expect(findings(aggregatedRoleDangerous, labelled(target, rule)).map((finding) => finding.evidence)).toEqual(
      evidence === undefined ? [] : [`rules[0] ${evidence}; label aggregate-to-${target}`],
    );
  });

  it('needs the label to be asked', () => {
    expect(outcome(aggregatedRoleDangerous, role('ClusterRole', secrets))).toBe('not-applicable');
  });
});
