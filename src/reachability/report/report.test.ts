// What the report tells beside the edges: whom a workload is open to that is not in the input, and which rules decide.

import { describe, expect, it } from 'vitest';
import { createInventory } from '../../inventory/index.ts';
import { snapshotOf } from '../../inventory/snapshot-builder.ts';
import { assembleReport, explainConnection, findConnections, pickServicePort, policiesOf } from '../index.ts';

const pod = (name: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: shop, labels: {app: ${name}}}\nspec: {containers: [{name: a, image: a}]}\n---\n`;

const policy = (spec: string): string =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: rules, namespace: shop}\nspec: ${spec}\n---\n`;

const text =
  pod('web') +
  pod('db') +
  policy(`{podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress], ingress: [
  {from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]},
  {from: [{podSelector: {matchLabels: {app: job}}}], ports: [{port: 5433}]},
  {from: [{namespaceSelector: {matchLabels: {team: ops}}}], ports: [{port: 9187, protocol: UDP}]}]}`);

const inventory = createInventory(snapshotOf(text));

describe('the exposure of a workload', () => {
  it('names pods that are not in the input, each with the ports of its own rule', () => {
    const { exposure } = assembleReport(findConnections(inventory));
    const told = exposure
      .filter(({ workload, direction }) => workload === 'shop/db[Pod]' && direction === 'ingress')
      .map(({ kind, who, protocol, ports }) => `${kind} ${who}: ${protocol} ${ports?.join(',') ?? 'all'}`);
    expect(told.toSorted()).toEqual([
      'namespace any pod in namespaces with team=ops: UDP 9187',
      'pods pods with app=job in namespace shop: TCP 5433',
    ]);
  });

  it('is open to everybody where nothing isolates it', () => {
    const { exposure } = assembleReport(findConnections(inventory));
    const told = exposure.filter(({ workload, direction }) => workload === 'shop/web[Pod]' && direction === 'ingress');
    expect(told.map(({ kind, protocol }) => `${kind} ${protocol}`)).toEqual(['outside All', 'cluster All']);
  });
});

describe('why a connection is let through', () => {
  function rulesFor(port: number, direction: string): unknown[] {
    const found = findConnections(inventory);
    const [from, to] = ['web', 'db'].map((name) => found.workload(`shop/${name}[Pod]`)?.ends[0]);
    if (from === undefined || to === undefined) throw new Error('no pods');
    const asked = { protocol: 'TCP', port } as const;
    const { sides } = explainConnection(inventory, policiesOf(inventory), { from, to, asked });
    return sides
      .filter((side) => side.direction === direction)
      .flatMap(({ verdict, policies }) => [
        verdict,
        ...policies.flatMap(({ rules }) => rules.map(({ number, action, ports }) => `${number} ${action} ${ports}`)),
      ]);
  }

  it('is told by the rules that fit, counted from one', () => {
    expect(rulesFor(5432, 'ingress')).toEqual(['allowed', '1 allow TCP 5432']);
    expect(rulesFor(5433, 'ingress')).toEqual(['denied']);
    expect(rulesFor(5432, 'egress')).toEqual(['not-isolated']);
  });
});

describe('the port of a Service', () => {
  const two = createInventory(
    snapshotOf(
      'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{name: http, port: 80}, {name: https, port: 443}]}\n',
    ),
  );
  const portOf = (wanted: string | undefined): number | undefined => {
    const [service] = two.ofKind('/Service');
    return service === undefined ? undefined : pickServicePort(service, wanted)?.port;
  };

  it('is the one of the number or the name that is asked for, and none where several could be meant', () => {
    expect(['443', 'https', '80', 'http', '8080'].map(portOf)).toEqual([443, 443, 80, 80, undefined]);
    expect(portOf(undefined)).toBeUndefined();
  });
});
