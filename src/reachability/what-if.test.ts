// What another set of policies would let through: the question that plans and proofs ask.

import { describe, expect, it } from 'vitest';
import { createInventory } from '../inventory/index.ts';
import { snapshotOf } from '../inventory/snapshot-builder.ts';
import {
  allPorts,
  compilePoliciesFor,
  type Connections,
  findConnections,
  hasPort,
  ingressController,
  listPorts,
  meetPorts,
  noPorts,
  portRange,
  rangeId,
  unitePorts,
  withoutPorts,
} from './index.ts';

const app = `apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec: {containers: [{name: a, image: a}]}
---
apiVersion: v1
kind: Pod
metadata: {name: db, labels: {app: db}}
spec: {containers: [{name: a, image: a}]}
---
apiVersion: v1
kind: Service
metadata: {name: db}
spec: {selector: {app: db}, ports: [{port: 5432}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: db}
spec: {defaultBackend: {service: {name: db, port: {number: 5432}}}}
`;

const closing = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]}]
`;

function open(found: Connections): string[] {
  return [...found.edges()]
    .filter(({ ports }) => ports.read.length > 0)
    .map(({ from, to, ports }) => `${from} ${to} ${JSON.stringify(listPorts(ports.read))}`);
}

describe('other policies in place of those of the input', () => {
  const inventory = createInventory(snapshotOf(app));
  const planned = createInventory(snapshotOf(closing)).objects;
  const before = findConnections(inventory);
  const after = findConnections(inventory, compilePoliciesFor(inventory, planned));
  const [web, db] = ['default/web[Pod]', 'default/db[Pod]'].map((id) => before.workload(id));
  const [webLater, dbLater] = ['default/web[Pod]', 'default/db[Pod]'].map((id) => after.workload(id));

  it('keep what they let through and cut the rest', () => {
    if (web === undefined || db === undefined || webLater === undefined || dbLater === undefined)
      throw new Error('a workload is missing');
    const kept = after.between(webLater, dbLater).sure;
    expect(hasPort(kept, 'TCP', 5432)).toBe(true);
    expect(withoutPorts(before.between(web, db).sure, kept)).toEqual(
      withoutPorts(allPorts, portRange('TCP', 5432, 5432)),
    );
    expect(meetPorts(after.between(dbLater, webLater).sure, kept)).toEqual(kept);
    expect(after.ranges.ingress.map(rangeId)).toEqual(['0.0.0.0-255.255.255.255[External]']);
    expect(unitePorts(noPorts, kept)).toEqual(kept);
  });

  it('are asked for all edges at once', () => {
    expect(open(before).filter((each) => each.startsWith(ingressController))).toEqual([
      '{ingress-controller} default/db[Pod] [{"protocol":"TCP","ports":["5432"]}]',
    ]);
    expect(open(after).filter((each) => each.includes(' default/db[Pod]'))).toEqual([
      'default/web[Pod] default/db[Pod] [{"protocol":"TCP","ports":["5432"]}]',
    ]);
  });
});
