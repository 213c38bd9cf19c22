// What changes between two inputs in three readings: opened, closed, not known any more, known by now.

import { describe, expect, it } from 'vitest';
import { createInventory } from '../../inventory/index.ts';
import { snapshotOf } from '../../inventory/snapshot-builder.ts';
import { compareConnections, findConnections, isSameNetwork } from '../index.ts';

const app = `apiVersion: v1
kind: Pod
metadata: {name: web, namespace: front, labels: {app: web}}
spec: {containers: [{name: a, image: a}]}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: back, labels: {app: db}}
spec: {containers: [{name: a, image: a}]}
`;

const policy = (ingress: string) => `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: back}
spec:
  podSelector: {}
  policyTypes: [Ingress]
  ingress: ${ingress}
`;

const open = '[{ports: [{port: 80}]}]';
const closed = '[]';
/** Whether the label is there, no Namespace in the input tells. */
const asked = '[{from: [{namespaceSelector: {matchLabels: {team: web}}}], ports: [{port: 80}]}]';
const notAsked =
  '[{from: [{namespaceSelector: {matchExpressions: [{key: team, operator: DoesNotExist}]}}], ports: [{port: 80}]}]';

function diff(before: string, after: string) {
  const [old, fresh] = [before, after].map((ingress) =>
    findConnections(createInventory(snapshotOf(app + policy(ingress)))),
  );
  if (old === undefined || fresh === undefined) throw new Error('two inputs');
  const all = compareConnections({ old, new: fresh }, { old: 'old', new: 'new' });
  const between = { from: 'front/web[Pod]', to: 'back/db[Pod]' };
  const lists = ['added', 'removed', 'opened', 'closed', 'becameUnknown', 'becameKnown', 'assumedOtherwise'] as const;
  const own = lists.flatMap((list) =>
    all[list].flatMap(({ from, to, ...edge }) => (from === between.from && to === between.to ? [[list, edge]] : [])),
  );
  return { own, isSame: isSameNetwork(all), unchanged: all.unchanged };
}

const port = { protocol: 'TCP', ports: ['80'] };

describe('a difference of the network', () => {
  it.each([
    [
      closed,
      open,
      [
        ['added', port],
        ['opened', port],
      ],
    ],
    [
      open,
      closed,
      [
        ['removed', port],
        ['closed', port],
      ],
    ],
    [
      open,
      asked,
      [
        ['removed', port],
        ['becameUnknown', { ...port, was: 'open' }],
      ],
    ],
    [closed, asked, [['becameUnknown', { ...port, was: 'closed' }]]],
    [
      closed,
      notAsked,
      [
        ['added', port],
        ['becameUnknown', { ...port, was: 'closed' }],
      ],
    ],
    [
      asked,
      open,
      [
        ['added', port],
        ['becameKnown', { ...port, is: 'open' }],
      ],
    ],
    [asked, closed, [['becameKnown', { ...port, is: 'closed' }]]],
    [
      asked,
      notAsked,
      [
        ['added', port],
        ['assumedOtherwise', { ...port, assumedOpen: true }],
      ],
    ],
    [
      notAsked,
      asked,
      [
        ['removed', port],
        ['assumedOtherwise', { ...port, assumedOpen: false }],
      ],
    ],
  ])('from %s to %s is told by what is known of it', (before, after, expected) => {
    const told = diff(before, after);
    expect(told.own).toEqual(expected);
    expect(told.isSame).toBe(false);
  });

  it.each([open, closed, asked, notAsked])('from %s to itself is none', (ingress) => {
    expect(diff(ingress, ingress)).toMatchObject({ own: [], isSame: true });
  });

  it('counts a connection that is known no more as no unchanged one', () => {
    expect(diff(asked, closed).unchanged).toBe(diff(closed, closed).unchanged);
    expect(diff(open, notAsked).unchanged).toBeLessThan(diff(open, open).unchanged);
  });
});
