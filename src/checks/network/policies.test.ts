import { describe, expect, it } from 'vitest';
import type { Check } from '../check.ts';
import { runOnText } from '../run-on-text.ts';
import { defaultDenyEgress } from './default-deny-egress.ts';
import { defaultDenyIngress } from './default-deny-ingress.ts';
import { dnsBlocked } from './dns-blocked.ts';
import { metadataServiceOpen } from './metadata-service-open.ts';
import { policyAllowsEverything } from './policy-allows-everything.ts';
import { policyDuplicate } from './policy-duplicate.ts';
import { policyPeerSelectsNothing } from './policy-peer-selects-nothing.ts';
import { policyProtocolImplicit } from './policy-protocol-implicit.ts';
import { policyRulesIgnored } from './policy-rules-ignored.ts';

const workload = (more = '', kind = 'Deployment') => `---
apiVersion: ${kind === 'PodTemplate' ? 'v1' : 'apps/v1'}
kind: ${kind}
metadata: {name: web}
${kind === 'PodTemplate' ? '' : 'spec:\n  selector: {matchLabels: {app: web}}\n'}${kind === 'PodTemplate' ? '' : '  '}template: {metadata: {labels: {app: web}}, spec: {${more}containers: [{name: web, image: web}]}}
`;

const policy = (spec: string, name = 'web') => `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${name}}
spec: {podSelector: {}, ${spec}}
`;
const egress = (rules: string, name = 'web') => policy(`policyTypes: [Egress], egress: [${rules}]`, name);
const findings = (check: Check, text: string) => runOnText(check, text).findings;
const dns = '{ports: [{port: 53, protocol: UDP}, {port: 53}]}';

describe('pods that are isolated for egress', () => {
  it.each([
    ['by a rule for both protocols', egress(dns)],
    ['by one rule of several', egress(`{to: [{podSelector: {}}]}, ${dns}`)],
    ['by one peer of several', egress('{to: [{podSelector: {}}, {namespaceSelector: {}}]}')],
    ['by one policy of several', egress('{to: [{podSelector: {}}]}', 'a') + egress(dns, 'b')],
    ['or reach nothing on purpose', egress('')],
  ])('may ask DNS %s', (_, policies) => {
    expect(runOnText(dnsBlocked, workload() + policies).outcome).toBe('pass');
  });

  it.each([
    ['no rule', egress('{to: [{podSelector: {}}]}'), 'high', 'every connection by name fails'],
    [
      'no rule of the only policy with rules',
      egress('{to: [{podSelector: {}}]}') + egress('', 'deny'),
      'high',
      'may not ask',
    ],
    ['a rule for UDP only', egress('{ports: [{port: 53, protocol: UDP}]}'), 'low', 'over UDP only'],
  ])('are told of %s', (_, policies, severity, words) => {
    const evidence = policies.includes('name: deny') ? 'egress rules of web, deny' : 'egress rules of web';
    expect(findings(dnsBlocked, workload() + policies)).toEqual([
      expect.objectContaining({ severity, message: expect.stringContaining(words), evidence }),
    ]);
  });

  it.each([
    ['of their node', 'dnsPolicy: Default, '],
    ['of their own', 'dnsPolicy: None, '],
  ])('need no cluster DNS where they use that %s', (_, more) => {
    expect(runOnText(dnsBlocked, workload(more) + egress('{to: [{podSelector: {}}]}')).outcome).toBe('not-applicable');
  });

  it('are not those on the network of their node, nor a template that runs nothing', () => {
    const closed = egress('{to: [{podSelector: {}}]}');
    expect(runOnText(dnsBlocked, workload('dnsPolicy: ClusterFirst, ') + closed).outcome).toBe('fail');
    expect(runOnText(dnsBlocked, workload('hostNetwork: true, ') + closed).outcome).toBe('not-applicable');
    expect(runOnText(dnsBlocked, workload('', 'PodTemplate') + closed).outcome).toBe('not-applicable');
    expect(runOnText(dnsBlocked, workload()).outcome).toBe('not-applicable');
  });
});

describe('the metadata service', () => {
  it.each([
    ['{}', 'fail'],
    ['{ports: [{port: 80}]}', 'fail'],
    ['{to: [{ipBlock: {cidr: 169.254.0.0/16}}]}', 'fail'],
    ['{to: [{podSelector: {}}, {ipBlock: {cidr: 0.0.0.0/0}}]}', 'fail'],
    ['{to: [{podSelector: {}}]}, {}', 'fail'],
    ['{ports: [{port: 443}]}', 'pass'],
    ['{to: [{podSelector: {}}]}', 'pass'],
    ['{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}', 'pass'],
    ['{to: [{ipBlock: {cidr: not-a-block}}]}', 'pass'],
    ['{to: [{ipBlock: {cidr: "::/0"}}]}', 'pass'],
    ['{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.169.254/32]}}]}', 'pass'],
    ['{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}]}', 'fail'],
  ])('with egress %s: %s', (rules, outcome) => {
    expect(runOnText(metadataServiceOpen, workload() + egress(rules)).outcome).toBe(outcome);
  });
});

describe('a namespace', () => {
  const shop = '---\napiVersion: v1\nkind: Namespace\nmetadata: {name: default}\n';
  const named = workload() + shop;

  it.each([
    ['nothing', ''],
    [
      'a policy for some pods',
      policy('policyTypes: [Ingress]').replace('podSelector: {}', 'podSelector: {matchLabels: {app: web}}'),
    ],
    ['a policy for the other direction', policy('policyTypes: [Egress]')],
    ['a policy that lets everybody in', policy('ingress: [{}]')],
  ])('is open with %s', (_, policies) => {
    expect(findings(defaultDenyIngress, named + policies)).toEqual([
      expect.objectContaining({
        subject: expect.objectContaining({ kind: 'Namespace', name: 'default' }),
        path: '/metadata/name',
        evidence: expect.stringContaining('policyTypes Ingress'),
      }),
    ]);
  });

  it.each([
    ['closes all', policy('policyTypes: [Ingress]')],
    ['lets some in', policy('ingress: [{from: [{podSelector: {}}]}]')],
    ['lets everybody to one port', policy('ingress: [{ports: [{port: 80}]}]')],
    ['stands beside another', policy('ingress: [{}]', 'a') + policy('policyTypes: [Ingress]', 'b')],
  ])('is closed by a policy that %s', (_, policies) => {
    expect(runOnText(defaultDenyIngress, named + policies).outcome).toBe('pass');
  });

  it('is judged by its name where it is not in the input, and for egress alone', () => {
    expect(findings(defaultDenyEgress, workload() + policy('policyTypes: [Ingress]'))).toEqual([
      expect.objectContaining({
        subject: expect.objectContaining({ kind: 'App' }),
        evidence: expect.stringContaining('policyTypes Egress'),
      }),
    ]);
  });

  it('without workloads is not judged', () => {
    expect(runOnText(defaultDenyIngress, shop).outcome).toBe('not-applicable');
    expect(runOnText(defaultDenyEgress, shop).outcome).toBe('not-applicable');
  });

  it('comes in the order of names', () => {
    const other = workload().replace('name: web}', 'name: web, namespace: a}');
    expect(findings(defaultDenyIngress, workload() + other).map(({ message }) => message)).toEqual([
      expect.stringContaining('"a"'),
      expect.stringContaining('"default"'),
    ]);
  });
});

describe('a rule for everybody', () => {
  it.each([
    ['{}', 1],
    ['{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}', 1],
    ['{to: [{ipBlock: {cidr: "::/0"}}]}', 1],
    ['{to: [{podSelector: {}}, {ipBlock: {cidr: 0.0.0.0/0}}]}', 1],
    ['{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}]}', 0],
    ['{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}', 0],
    ['{to: [{namespaceSelector: {}}]}', 0],
    ['{ports: [{port: 443}]}', 0],
  ])('%s gives %i findings', (rules, count) => {
    expect(findings(policyAllowsEverything, egress(rules))).toHaveLength(count);
  });

  it('is told with its direction', () => {
    expect(
      findings(policyAllowsEverything, policy('ingress: [{}], egress: [{}]')).map(({ message }) => message),
    ).toEqual([
      'policy "web" allows ingress from everybody on every port',
      'policy "web" allows egress to everybody on every port',
    ]);
  });
});

describe('other slips in policies', () => {
  it('a peer that matches no pod is told where it stands', () => {
    const peer = '{podSelector: {matchLabels: {app: gone}}}';
    const text =
      workload() + policy(`ingress: [{from: [${peer}]}], egress: [{}, {to: [{ipBlock: {cidr: 10.0.0.0/8}}, ${peer}]}]`);
    expect(findings(policyPeerSelectsNothing, text).map(({ path }) => path)).toEqual([
      '/spec/ingress/0/from/0/podSelector',
      '/spec/egress/1/to/1/podSelector',
    ]);
  });

  it('a peer in other namespaces may match anybody', () => {
    const peer = '{podSelector: {matchLabels: {app: gone}}, namespaceSelector: {}}';
    expect(runOnText(policyPeerSelectsNothing, workload() + policy(`ingress: [{from: [${peer}]}]`)).outcome).toBe(
      'pass',
    );
  });

  it('only port 53 is taken for DNS', () => {
    expect(findings(policyProtocolImplicit, egress('{ports: [{port: 53}]}'))).toHaveLength(1);
    expect(findings(policyProtocolImplicit, egress('{ports: [{port: 443}, {port: 53, protocol: TCP}]}'))).toEqual([]);
  });

  it('rules of a direction that policyTypes leaves out are told', () => {
    const told = (spec: string) => findings(policyRulesIgnored, policy(spec)).map(({ evidence }) => evidence);
    expect(told('policyTypes: [Egress], ingress: [{}]')).toEqual(['policyTypes does not list Ingress']);
    expect(told('policyTypes: [Ingress], egress: [{}]')).toEqual(['policyTypes does not list Egress']);
    expect(told('policyTypes: [Ingress], egress: []')).toEqual([]);
  });

  it('the first of equal policies by name is not told', () => {
    const text =
      policy('policyTypes: [Ingress]', 'c') +
      policy('policyTypes: [Ingress]', 'a') +
      policy('policyTypes: [Ingress]', 'b');
    expect(findings(policyDuplicate, text).map(({ message }) => message)).toEqual([
      expect.stringContaining('policies "c" and "a"'),
      expect.stringContaining('policies "b" and "a"'),
    ]);
  });
});
