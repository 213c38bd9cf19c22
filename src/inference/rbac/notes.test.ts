import { describe, expect, it } from 'vitest';
import type { Need } from './need.ts';
import { notesOn } from './notes.ts';
import type { SubjectUse } from './usage-table.ts';

const pods = { group: '', resource: 'pods', namespace: 'shop' };

function use(more: Partial<SubjectUse>): SubjectUse {
  const user = { name: 'web', groups: [] };
  return { user, events: 1, denied: 0, needs: [], collapsed: [], inexpressible: 0, pods: 0, ...more };
}

function notes(needs: readonly Need[], seen?: SubjectUse): string[] {
  return notesOn(needs, seen, { widen: [], minor: 34 });
}

describe('notes on what a log cannot show', () => {
  it('are none where nothing is to be told', () => {
    expect(notes([{ ...pods, verb: 'list' }])).toEqual([]);
    expect(notes([{ ...pods, verb: 'list' }], use({}))).toEqual([]);
  });

  it('tell of names that were too many, and of requests that no rule can name', () => {
    const seen = use({ collapsed: [{ ...pods, verb: 'get' }], inexpressible: 2 });
    expect(notes([], seen)).toEqual([
      'get pods in shop: more than 2000 names were seen, so that any name is allowed.',
      '2 requests were for something called *, which nothing serves and no rule can name: left out.',
    ]);
  });

  it('tell of rights that no event names: those of who writes roles, and of who approves certificates', () => {
    const rbac = { group: 'rbac.authorization.k8s.io', resource: 'roles', namespace: 'shop' };
    const certificates = { group: 'certificates.k8s.io', resource: 'certificatesigningrequests', namespace: '' };
    expect(notes([{ ...rbac, verb: 'patch' }])).toEqual([expect.stringContaining('escalate and bind')]);
    expect(notes([{ ...rbac, verb: 'get' }])).toEqual([]);
    expect(notes([{ ...certificates, verb: 'update', subresource: 'approval' }])).toEqual([
      expect.stringContaining('approve or sign'),
    ]);
    expect(notes([{ ...certificates, verb: 'update' }])).toEqual([]);
  });

  it('tell of sockets where the version is not known', () => {
    const socket = { ...pods, verb: 'get', subresource: 'exec' };
    expect(notesOn([socket], undefined, { widen: [] })).toEqual([expect.stringContaining('Kubernetes 1.35')]);
    expect(notes([socket])).toEqual([]);
    expect(notesOn([{ ...socket, verb: 'create' }], undefined, { widen: [] })).toEqual([]);
  });
});
