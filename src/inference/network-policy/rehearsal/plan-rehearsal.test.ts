import { describe, expect, it } from 'vitest';
import { asArray, asObject, type JsonObject } from '../../../model/index.ts';
import { inferPolicies, planRehearsal, type RehearsalPlan } from '../../index.ts';
import { documents, evidenceOf, type Given, service, variables, workload } from '../evidence-builder.ts';

function plan(yaml: string, given: Given = {}, mostForbidden = 50): RehearsalPlan {
  const evidence = evidenceOf(yaml, given);
  return planRehearsal({ inventory: evidence.inventory, ...inferPolicies(evidence) }, { prefix: 'try', mostForbidden });
}

function probes({ probes: all }: RehearsalPlan, kind: string): string[] {
  return all
    .filter((each) => each.kind === kind)
    .map(({ from, to, port, expected }) => `${from.of} → ${to?.of} ${port} ${expected}`);
}

const shop = documents(
  workload({ name: 'web', namespace: 'shop', container: variables({ DB_ADDR: 'db.data:5432' }) }),
  workload({ name: 'db', namespace: 'data', container: { ports: [{ containerPort: 15_432 }] } }),
  service('db', { ports: [{ port: 5432, targetPort: 15_432 }] }, 'data'),
);

describe('a rehearsal', () => {
  it('stands in for every workload, in a namespace that stands for its own', () => {
    const { namespaces, standIns } = plan(shop);
    expect(namespaces).toEqual(['try-data', 'try-elsewhere', 'try-shop']);
    expect(standIns.map(({ namespace, labels, ports, of }) => ({ namespace, labels, ports, of }))).toEqual([
      { namespace: 'try-shop', labels: { app: 'web' }, ports: [], of: 'shop/web' },
      { namespace: 'try-data', labels: { app: 'db' }, ports: [15_432], of: 'data/db' },
      { namespace: 'try-elsewhere', labels: {}, ports: [8080], of: 'a stranger' },
    ]);
  });

  it('moves policies with their peers, and leaves the name server where it is', () => {
    const { opening } = plan(shop);
    const byName = (name: string): JsonObject =>
      asObject(opening.find((each) => asObject(each['metadata'])['name'] === name)?.['spec']);
    const [rule] = asArray(byName('web')['egress']).map(asObject);
    const key = 'kubernetes.io/metadata.name';
    expect(asArray(rule?.['to'])[0]).toMatchObject({ namespaceSelector: { matchLabels: { [key]: 'try-data' } } });
    const dns = asObject(asArray(byName('web')['egress']).at(-1));
    expect(asArray(dns['to'])[0]).toMatchObject({ namespaceSelector: { matchLabels: { [key]: 'kube-system' } } });
    expect(new Set(opening.map((each) => asObject(each['metadata'])['namespace']))).toEqual(
      new Set(['try-shop', 'try-data']),
    );
  });

  it('tries what must be kept, what must be refused, and the name server from each namespace', () => {
    const rehearsal = plan(shop);
    expect(probes(rehearsal, 'kept')).toEqual(['shop/web → data/db 15432 open']);
    expect(probes(rehearsal, 'forbidden')).toEqual([
      'a stranger → data/db 15432 closed',
      'shop/web → a stranger 8080 closed',
      'data/db → a stranger 8080 closed',
    ]);
    expect(probes(rehearsal, 'dns')).toHaveLength(2);
    expect(probes(plan(shop, {}, 1), 'forbidden')).toHaveLength(1);
  });

  it('closes first: the policies that let nothing through', () => {
    const { closing } = plan(shop);
    expect(closing.map((each) => asObject(each['spec']))).toContainEqual({
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
    });
  });

  it('stands in for callers that are not in the input, and tells what it cannot try', () => {
    const given: Given = {
      answers: ['metrics=monitoring/app=prometheus'],
      flows: [{ from: { namespace: 'data', workload: { name: 'db' } }, to: { address: '198.51.100.1' }, port: 443 }],
    };
    const annotated = shop.replace(
      '{"labels":{"app":"db"}}',
      '{"labels":{"app":"db"},"annotations":{"prometheus.io/scrape":"true"}}',
    );
    const rehearsal = plan(annotated, given);
    expect(probes(rehearsal, 'kept')).toEqual(['shop/web → data/db 15432 open', 'metrics → data/db 15432 open']);
    expect(rehearsal.namespaces).toContain('try-monitoring');
    expect(rehearsal.notProbed).toEqual([
      { from: 'data/db', to: '198.51.100.1', port: 'TCP 443', why: 'it leads out of the app' },
    ]);
  });

  it('has two stand-ins where pods of one workload talk to each other', () => {
    const set = workload({ name: 'q', kind: 'StatefulSet' }).replace(
      '"spec":{"selector"',
      '"spec":{"replicas":3,"selector"',
    );
    const rehearsal = plan(documents(set, service('q', { clusterIP: 'None', ports: [{ port: 7000 }] })));
    expect(probes(rehearsal, 'kept')).toEqual(['default/q → default/q 7000 open']);
    expect(rehearsal.standIns.filter(({ of }) => of === 'default/q')).toHaveLength(2);
  });

  it('counts on what the user has besides', () => {
    const open = JSON.stringify({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'all', namespace: 'data' },
      spec: { podSelector: {}, ingress: [{}] },
    });
    const rehearsal = plan(documents(shop, open));
    expect(probes(rehearsal, 'forbidden')).not.toContain('a stranger → data/db 15432 closed');
    expect(rehearsal.opening.map((each) => asObject(each['metadata'])['name'])).toContain('all');
  });
});
