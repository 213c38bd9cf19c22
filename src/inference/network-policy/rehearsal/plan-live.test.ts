import { describe, expect, it } from 'vitest';
import { asArray, asObject, asString, type JsonObject } from '../../../model/index.ts';
import { inferPolicies, type LiveRehearsalPlan, planLiveRehearsal } from '../../index.ts';
import { documents, evidenceOf, type Given, service, variables, workload } from '../evidence-builder.ts';

function pod(name: string, namespace: string, address: string, more: JsonObject = {}): string {
  const metadata = { name: `${name}-0`, namespace, labels: { app: name }, uid: name };
  const ownerReferences = [{ apiVersion: 'apps/v1', kind: 'Deployment', name, uid: 'u', controller: true }];
  const status = {
    phase: 'Running',
    podIP: address,
    podIPs: [{ ip: address }],
    conditions: [{ type: 'Ready', status: 'True' }],
    ...more,
  };
  const spec = { containers: [{ name, image: 'a' }] };
  return JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, ownerReferences }, spec, status });
}

const web = workload({ name: 'web', namespace: 'shop', container: variables({ DB_ADDR: 'db.data:5432' }) });
const db = workload({ name: 'db', namespace: 'data', container: { ports: [{ containerPort: 15_432 }] } });
const dbService = service('db', { ports: [{ port: 5432, targetPort: 15_432 }] }, 'data');
const shop = documents(web, db, dbService, pod('web', 'shop', '10.0.0.1'), pod('db', 'data', '10.0.0.2'));

function plan(yaml: string, given: Given = {}, mostForbidden = 50): LiveRehearsalPlan {
  const evidence = evidenceOf(yaml, { isLive: true, ...given });
  const rehearsed = { inventory: evidence.inventory, ...inferPolicies(evidence) };
  return planLiveRehearsal(rehearsed, { prefix: 'try', mostForbidden });
}

function probes({ probes: all }: LiveRehearsalPlan, kind: string): string[] {
  return all
    .filter((each) => each.kind === kind)
    .map(({ from, to, port, expected }) => `${from.of} → ${to?.of} ${port} ${expected}`);
}

const nameOf = (raw: JsonObject): string => asString(asObject(raw['metadata'])['name']) ?? '';

describe('a rehearsal beside the app', () => {
  it('has a stand-in for who calls, in its own namespace with its own labels, and a stranger in each namespace', () => {
    const { namespaces, standIns } = plan(shop);
    expect(namespaces).toEqual(['data', 'shop']);
    expect(standIns).toEqual([
      { name: 'try-0', namespace: 'shop', labels: { app: 'web' }, ports: [], of: 'shop/web' },
      { name: 'try-stranger', namespace: 'data', labels: {}, ports: [], of: 'a stranger in data' },
      { name: 'try-stranger', namespace: 'shop', labels: {}, ports: [], of: 'a stranger in shop' },
    ]);
  });

  it('calls a pod that was not restarted before one that was: who ends over and over is ready between', () => {
    const containerStatuses = [{ name: 'db', restartCount: 3, state: { running: {} } }];
    const often = pod('db', 'data', '10.0.0.2', { containerStatuses });
    const never = pod('db', 'data', '10.0.0.3').replace('"db-0"', '"db-1"');
    const { probes: all } = plan(documents(web, db, dbService, pod('web', 'shop', '10.0.0.1'), often, never));
    expect(all[0]?.to).toMatchObject({ name: 'db-1', address: '10.0.0.3' });
  });

  it('calls the pods of the app, at their own ports', () => {
    const rehearsal = plan(shop);
    expect(probes(rehearsal, 'kept')).toEqual(['shop/web → data/db 15432 open']);
    expect(rehearsal.probes[0]?.to).toMatchObject({ name: 'db-0', address: '10.0.0.2' });
    expect(probes(rehearsal, 'dns')).toHaveLength(1);
    expect(probes(rehearsal, 'forbidden')).toEqual([
      'a stranger in data → data/db 15432 closed',
      'a stranger in shop → data/db 15432 closed',
    ]);
    expect(probes(plan(shop, {}, 1), 'forbidden')).toHaveLength(1);
  });

  it('applies what closes everything last, each under a name of its own', () => {
    const { policies } = plan(shop);
    expect(policies.map(nameOf)).toEqual(['try-db', 'try-web', 'try-default-deny', 'try-default-deny']);
    const places = policies.map(({ metadata }) => asObject(metadata)['namespace']);
    expect(new Set(places.slice(0, 2))).toEqual(new Set(places.slice(2)));
    for (const { spec } of policies.slice(2))
      expect(spec).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
    expect(asArray(asObject(policies[0]?.['spec'])['ingress'])).toHaveLength(1);
  });

  it('counts on what is there already: what it opens is not expected to be refused, and is told', () => {
    const open = JSON.stringify({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'from-data', namespace: 'data' },
      spec: {
        podSelector: {},
        ingress: [{ from: [{ podSelector: {} }] }],
        egress: [{}],
        policyTypes: ['Ingress', 'Egress'],
      },
    });
    const rehearsal = plan(documents(shop, open));
    expect(probes(rehearsal, 'forbidden')).toEqual(['a stranger in shop → data/db 15432 closed']);
    expect(rehearsal.remarks).toEqual([
      'what is there stays, and what it lets through stays open: NetworkPolicy data/from-data',
    ]);
  });

  it('expects nothing of a side where policies of another kind may decide otherwise', () => {
    const other = {
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumNetworkPolicy',
      metadata: { name: 'x', namespace: 'data' },
    };
    const alone = probes(plan(documents(shop, JSON.stringify(other))), 'forbidden');
    // From there on its way out it is refused all the same.
    expect(alone).toEqual(['a stranger in shop → data/db 15432 closed']);
    const everywhere = { ...other, kind: 'CiliumClusterwideNetworkPolicy', metadata: { name: 'x' } };
    expect(probes(plan(documents(shop, JSON.stringify(everywhere))), 'forbidden')).toEqual([]);
  });

  it('makes no stand-in that a Service would send traffic to', () => {
    const headless = service('web', { publishNotReadyAddresses: true, ports: [{ port: 80 }] }, 'shop');
    const rehearsal = plan(documents(shop, headless));
    expect(rehearsal.standIns.map(({ of }) => of)).toEqual(['a stranger in data', 'a stranger in shop']);
    expect(rehearsal.remarks).toEqual([
      'nobody stands in for Deployment shop/web: Service shop/web sends traffic to pods that are not ready',
    ]);
    expect(rehearsal.notProbed).toContainEqual({
      from: 'shop/web',
      to: 'data/db',
      port: 'TCP 15432',
      why: 'nobody can stand in for its caller',
    });
  });

  it('tells what budgets and autoscalers make of a stand-in', () => {
    const metadata = { name: 'web', namespace: 'shop' };
    const selector = { matchLabels: { app: 'web' } };
    const budget = { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata, spec: { selector } };
    const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
    const scaler = {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata,
      spec: { scaleTargetRef },
    };
    expect(plan(documents(shop, JSON.stringify(budget), JSON.stringify(scaler))).remarks).toEqual([
      'PodDisruptionBudget shop/web allows no eviction meanwhile: it cannot count a stand-in',
      'HorizontalPodAutoscaler shop/web may add pods a little later: it sees one more that is not ready',
    ]);
    const others = { ...budget, spec: { selector: { matchLabels: { app: 'db' } } } };
    expect(plan(documents(shop, JSON.stringify(others))).remarks).toEqual([]);
  });

  it.each([
    ['is not ready', { conditions: [{ type: 'Ready', status: 'False' }] }],
    ['has no address', { podIPs: [] }],
  ])('does not call a pod that %s', (_, status) => {
    const yaml = documents(web, db, dbService, pod('web', 'shop', '10.0.0.1'), pod('db', 'data', '10.0.0.2', status));
    const rehearsal = plan(yaml);
    expect([...probes(rehearsal, 'kept'), ...probes(rehearsal, 'forbidden')]).toEqual([]);
    expect(rehearsal.notProbed).toMatchObject([{ to: 'data/db', why: 'no pod that is called is ready' }]);
  });

  it('tells which callers it cannot stand in for, being none of the app', () => {
    const annotated = shop.replace(
      '{"labels":{"app":"db"}}',
      '{"labels":{"app":"db"},"annotations":{"prometheus.io/scrape":"true"}}',
    );
    const rehearsal = plan(annotated, { answers: ['metrics=monitoring/app=prometheus'] });
    expect(rehearsal.namespaces).toEqual(['data', 'shop']);
    expect(rehearsal.notProbed).toEqual([
      { from: 'metrics', to: 'data/db', port: 'TCP 15432', why: 'its callers are not part of the app' },
    ]);
  });
});
