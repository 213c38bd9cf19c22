import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../model/index.ts';
import { isolatedDirections, mayReachClusterDns, peersOf, ruleCoversPort, rulesOf } from './network-policy.ts';

describe('the directions that a policy isolates', () => {
  it.each<[JsonObject, readonly string[]]>([
    [{}, ['ingress']],
    [{ policyTypes: [] }, ['ingress']],
    [{ egress: [] }, ['ingress']],
    [{ egress: [{}] }, ['ingress', 'egress']],
    [{ policyTypes: ['Ingress'], egress: [{}] }, ['ingress']],
    [{ policyTypes: ['Egress'] }, ['egress']],
    [{ policyTypes: ['Ingress', 'Egress'] }, ['ingress', 'egress']],
  ])('of %j are %j', (spec, directions) => {
    expect(isolatedDirections({ spec })).toEqual(directions);
  });
});

describe('the rules of a policy', () => {
  const spec = { ingress: [{ from: [{ podSelector: {} }] }], egress: [{}, { to: [] }] };

  it('are those of the direction asked for', () => {
    expect(rulesOf({ spec }, 'ingress')).toEqual(spec.ingress);
    expect(rulesOf({ spec }, 'egress')).toEqual(spec.egress);
    expect(rulesOf({ spec: {} }, 'egress')).toEqual([]);
  });

  it('mean everybody where they name no peer', () => {
    expect(peersOf({ from: [{ podSelector: {} }] }, 'ingress')).toEqual([{ podSelector: {} }]);
    expect(peersOf({ from: [{ podSelector: {} }] }, 'egress')).toBeUndefined();
    expect(peersOf({ to: [] }, 'egress')).toBeUndefined();
  });
});

describe('a rule and port 53 over UDP, which the pods call "dns"', () => {
  it.each<[JsonObject, boolean]>([
    [{}, true],
    [{ ports: [] }, true],
    [{ ports: [{ protocol: 'UDP' }] }, true],
    [{ ports: [{ protocol: 'UDP', port: null }] }, true],
    [{ ports: [{ protocol: 'UDP', port: 53 }] }, true],
    [{ ports: [{ protocol: 'UDP', port: 'dns' }] }, true],
    [{ ports: [{ protocol: 'UDP', port: 50, endPort: 60 }] }, true],
    [{ ports: [{ protocol: 'UDP', port: 53, endPort: 53 }] }, true],
    [{ ports: [{ protocol: 'UDP', port: 1, endPort: 53 }] }, true],
    [
      {
        ports: [
          { protocol: 'TCP', port: 53 },
          { protocol: 'UDP', port: 53 },
        ],
      },
      true,
    ],
    [{ ports: [{ port: 53 }] }, false],
    [{ ports: [{}] }, false],
    [{ ports: [{ protocol: 'TCP' }] }, false],
    [{ ports: [{ protocol: 'UDP', port: 52 }] }, false],
    [{ ports: [{ protocol: 'UDP', port: 54 }] }, false],
    [{ ports: [{ protocol: 'UDP', port: 54, endPort: 60 }] }, false],
    [{ ports: [{ protocol: 'UDP', port: 1, endPort: 52 }] }, false],
    [{ ports: [{ protocol: 'UDP', port: 'metrics' }] }, false],
  ])('%j: %s', (rule, covered) => {
    expect(ruleCoversPort(rule, { protocol: 'UDP', port: 53, name: 'dns' })).toBe(covered);
  });

  it('do not meet by a name where none is known', () => {
    expect(ruleCoversPort({ ports: [{ protocol: 'UDP', port: 'dns' }] }, { protocol: 'UDP', port: 53 })).toBe(false);
  });

  it('meet where no protocol is said and TCP is asked for', () => {
    expect(ruleCoversPort({ ports: [{ port: 53 }] }, { protocol: 'TCP', port: 53 })).toBe(true);
  });
});

describe('a peer of an egress rule', () => {
  const named = (name: string) => ({ matchLabels: { 'kubernetes.io/metadata.name': name } });

  it.each<[JsonObject, string, boolean]>([
    [{ ipBlock: { cidr: '10.0.0.0/8' } }, 'shop', true],
    [{ podSelector: {} }, 'shop', false],
    [{ podSelector: {} }, 'kube-system', true],
    [{ podSelector: {}, namespaceSelector: null }, 'shop', false],
    [{ namespaceSelector: {} }, 'shop', true],
    [{ namespaceSelector: named('kube-system') }, 'shop', true],
    [{ namespaceSelector: named('shop') }, 'shop', false],
    [{ namespaceSelector: named('shop') }, 'kube-system', false],
    [{ namespaceSelector: { matchLabels: { team: 'platform' } } }, 'shop', true],
    [{ namespaceSelector: { matchLabels: { ...named('shop').matchLabels, team: 'platform' } } }, 'shop', true],
  ])('%j in namespace %s may be the cluster DNS: %s', (peer, namespace, may) => {
    expect(mayReachClusterDns(peer, namespace)).toBe(may);
  });
});
