// Whose account a pod runs as, whether it carries a token of it, and what that account may do.

import { describe, expect, it } from 'vitest';
import { runOnText } from '../run-on-text.ts';
import { automountToken } from './automount-token.ts';
import { canBecomeAdmin } from './can-become-admin.ts';
import { defaultAccountUsed } from './default-account-used.ts';
import { workloadCanBecomeAdmin } from './workload-can-become-admin.ts';

const group = 'apiVersion: rbac.authorization.k8s.io/v1';
const pod = (spec = '', metadata = 'name: web', container = 'tty: true') =>
  `---\napiVersion: v1\nkind: Pod\nmetadata: {${metadata}}\nspec: {${spec}containers: [{name: web, image: web, ${container}}]}\n`;
const account = (name: string, more = '') =>
  `---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: ${name}}\n${more}\n`;
const binding = (subject: string, roleName = 'cluster-admin', name = 'a') =>
  `---\n${group}\nkind: ClusterRoleBinding\nmetadata: {name: ${name}}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: ${roleName}}\nsubjects: [${subject}]\n`;
const web = '{kind: ServiceAccount, name: web, namespace: default}';
const token = (source: string, name = 'token') =>
  `volumes: [{name: a, emptyDir: {}}, {name: ${name}, projected: {sources: [{configMap: {name: a}}, ${source}]}}], `;

describe('a token that nothing uses', () => {
  const verdicts = (text: string) =>
    runOnText(automountToken, text).findings.map(({ verdict, severity }) => [verdict, severity]);

  it.each([
    ['of the default account', pod(), [['fail', 'medium']]],
    ['of an account of the input', pod('serviceAccountName: web, ') + account('web'), [['fail', 'low']]],
    ['of an account of the cluster', pod('serviceAccountName: web, '), [['unknown', 'medium']]],
    ['that was asked for in words', pod('automountServiceAccountToken: true, '), [['unknown', 'medium']]],
    [
      'that the account asks for',
      pod('serviceAccountName: web, ') + account('web', 'automountServiceAccountToken: true'),
      [['unknown', 'medium']],
    ],
    ['that the pod refuses', pod('automountServiceAccountToken: false, '), []],
    [
      'that the account refuses',
      pod('serviceAccountName: web, ') + account('web', 'automountServiceAccountToken: false'),
      [],
    ],
    [
      'that the pod takes although the account refuses',
      pod('serviceAccountName: web, automountServiceAccountToken: true, ') +
        account('web', 'automountServiceAccountToken: false'),
      [['unknown', 'medium']],
    ],
    ['in words that are no answer', pod('automountServiceAccountToken: "false", '), [['fail', 'medium']]],
  ])('%s', (_, text, expected) => {
    expect(verdicts(text)).toEqual(expected);
  });

  it.each([
    ['the input gives rights', pod('serviceAccountName: web, ') + account('web') + binding(web, 'view')],
    ['its group has rights', pod() + binding('{kind: Group, name: "system:serviceaccounts:default"}', 'view')],
    [
      'its user name has rights',
      pod() + binding('{kind: User, name: "system:serviceaccount:default:default"}', 'view'),
    ],
    [
      'a variable speaks of the API',
      pod('', 'name: web', 'env: [{name: A, value: "https://$(KUBERNETES_SERVICE_HOST)"}]'),
    ],
    ['it runs kubectl', pod('', 'name: web', 'command: [sh, -c, kubectl get pods]')],
    [
      'it mounts the folder',
      pod('', 'name: web', 'volumeMounts: [{name: t, mountPath: /var/run/secrets/kubernetes.io/serviceaccount}]'),
    ],
    ['Vault asks for it', pod('', 'name: web, annotations: {vault.hashicorp.com/agent-inject: "true"}')],
    ['it asks for one itself', pod(token('{serviceAccountToken: {path: token}}'))],
  ])('is used where %s', (_, text) => {
    expect(verdicts(text)).toEqual([]);
  });

  it.each([
    ['it is for somebody else', pod(token('{serviceAccountToken: {path: token, audience: vault}}'))],
    ['there is none in the volume', pod(token('{secret: {name: a}}'))],
    ['there is nothing in it', pod(token('{serviceAccountToken: null}'))],
    ['admission has put it there', pod(token('{serviceAccountToken: {path: token}}', 'kube-api-access-abcde'))],
    [
      'admission has mounted it',
      pod(
        '',
        'name: web',
        'volumeMounts: [{name: kube-api-access-abcde, mountPath: /var/run/secrets/kubernetes.io/serviceaccount}]',
      ),
    ],
    ['rights are for others', pod() + binding('{kind: Group, name: "system:serviceaccounts:shop"}', 'view')],
    [
      'rights are for a group of that name',
      pod() + binding('{kind: Group, name: "system:serviceaccount:default:default"}', 'view'),
    ],
  ])('is not used where %s', (_, text) => {
    expect(verdicts(text)).toHaveLength(1);
  });

  it('is carried where admission has mounted it, whatever the account', () => {
    const mounted = pod(
      `serviceAccountName: web, ${token('{serviceAccountToken: {path: t}}', 'kube-api-access-abcde')}`,
    );
    expect(runOnText(workloadCanBecomeAdmin, mounted + binding(web)).findings.map(({ verdict }) => verdict)).toEqual([
      'fail',
    ]);
    expect(
      runOnText(workloadCanBecomeAdmin, pod('serviceAccountName: web, ') + binding(web)).findings.map(
        ({ verdict }) => verdict,
      ),
    ).toEqual(['unknown']);
  });
});

describe('the account of a pod', () => {
  it('may be named in the old field', () => {
    const paths = (spec: string) =>
      runOnText(workloadCanBecomeAdmin, pod(spec) + account('web') + binding(web)).findings.map(({ path }) => path);
    expect(paths('serviceAccountName: web, ')).toEqual(['/spec/serviceAccountName']);
    expect(paths('serviceAccount: web, ')).toEqual(['/spec/serviceAccount']);
    expect(paths('serviceAccountName: web, serviceAccount: web, ')).toEqual(['/spec/serviceAccountName']);
    expect(paths('serviceAccountName: "", serviceAccount: web, ')).toEqual(['/spec/serviceAccount']);
    expect(paths('serviceAccountName: other, serviceAccount: web, ')).toEqual([]);
  });

  it('of files of the node is none', () => {
    const outcome = (metadata: string) => runOnText(automountToken, pod('', metadata)).outcome;
    expect(outcome('name: a, namespace: kube-system, labels: {tier: control-plane}')).toBe('not-applicable');
    expect(outcome('name: a, namespace: kube-system')).toBe('fail');
    expect(outcome('name: a, labels: {tier: control-plane}')).toBe('fail');
    const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: a, namespace: kube-system}
spec: {selector: {matchLabels: {tier: control-plane}}, template: {metadata: {labels: {tier: control-plane}}, spec: {containers: [{name: a, image: a}]}}}
`;
    expect(runOnText(automountToken, deployment).outcome).toBe('fail');
  });

  it('called default gives its rights to every pod', () => {
    const all = binding('{kind: ServiceAccount, name: default, namespace: default}', 'view');
    const evidence = (text: string) => runOnText(defaultAccountUsed, text).findings.map((finding) => finding.evidence);
    expect(evidence(pod() + all)).toEqual([
      expect.stringMatching(/^serviceAccountName is not set; ClusterRoleBinding a names/),
    ]);
    expect(evidence(pod('serviceAccountName: default, ') + all)).toEqual([
      expect.stringMatching(/^serviceAccountName is default;/),
    ]);
    expect(evidence(pod('automountServiceAccountToken: false, ') + all)).toEqual([]);
    expect(
      evidence(pod(`automountServiceAccountToken: false, ${token('{serviceAccountToken: {path: t}}')}`) + all),
    ).toHaveLength(1);
    expect(evidence(pod())).toEqual([]);
    expect(runOnText(defaultAccountUsed, pod('serviceAccountName: web, ') + all).outcome).toBe('not-applicable');
  });
});

describe('rights through a role that collects others', () => {
  const role = (name: string, more: string) => `---\n${group}\nkind: ClusterRole\nmetadata: {name: ${name}${more}\n`;
  const escalate = 'rules: [{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}]';
  const part = role('part', `, labels: {example.com/part: "true"}}\n${escalate}`);
  const whole = (rule: string) => role('whole', `}\naggregationRule: ${rule}\nrules: []`);
  const ann = '{kind: User, name: ann}';
  const count = (text: string, subject = ann, roleName = 'whole') =>
    runOnText(canBecomeAdmin, text + binding(subject, roleName)).findings.length;
  const selectors =
    '{clusterRoleSelectors: [{matchLabels: {example.com/none: "true"}}, {matchLabels: {example.com/part: "true"}}]}';
  const secrets =
    'rules: [{apiGroups: [rbac.authorization.k8s.io], resources: [clusterrolebindings, clusterroles], verbs: [create, bind]}]';

  it('count where a selector matches', () => {
    const strong = part.replace(escalate, secrets);
    expect(count(strong + whole(selectors))).toBe(1);
    expect(count(strong + whole('{clusterRoleSelectors: [{matchLabels: {example.com/none: "true"}}]}'))).toBe(0);
    expect(count(strong + whole('null'))).toBe(0);
  });

  it('count through admin, edit and view, but not through cluster-admin', () => {
    const added = (target: string) =>
      role('part', `, labels: {rbac.authorization.k8s.io/aggregate-to-${target}: "true"}}\n${secrets}`);
    expect(count(added('view'), ann, 'view')).toBe(1);
    expect(count('', ann, 'view')).toBe(0);
    expect(count(added('none'), ann, 'view')).toBe(0);
  });

  it('count for a group that everybody is in by the user who is told', () => {
    expect(count(part.replace(escalate, secrets), '{kind: Group, name: "system:authenticated"}', 'part')).toBe(1);
  });
});
