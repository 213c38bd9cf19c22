import { describe, expect, it } from 'vitest';
import { type AuditRecord, parseAuditEvent } from '../../kube/audit/index.ts';
import type { JsonObject } from '../../model/index.ts';
import { needText, type Usage, UsageTable } from './index.ts';

const jana = { username: 'jana', groups: ['dev', 'system:authenticated'] };

function record(verb: string, requestURI: string, more: JsonObject = {}): AuditRecord {
  const event = {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    stage: 'ResponseComplete',
    verb,
    requestURI,
    user: jana,
    responseStatus: { code: 200 },
    ...more,
  };
  const parsed = parseAuditEvent(event);
  if (parsed === undefined) throw new Error('no event');
  return parsed;
}

function usage(records: readonly AuditRecord[], minor?: number): Usage {
  const table = new UsageTable({ minor });
  for (const each of records) table.take(each);
  return table.result();
}

function needsOf(user: string, { subjects }: Usage): string[] {
  return subjects.find(({ user: { name } }) => name === user)?.needs.map(({ need }) => needText(need)) ?? [];
}

const pod = '/api/v1/namespaces/shop/pods/web';

describe('usage', () => {
  it('counts a request once, however many stages and copies of it the log has', () => {
    const stages = ['RequestReceived', 'ResponseStarted', 'ResponseComplete', 'ResponseComplete'].map((stage, index) =>
      record('get', pod, { auditID: 'a', stage, responseStatus: index === 0 ? null : { code: 200 } }),
    );
    const all = usage(stages);
    expect(all).toMatchObject({ requests: 1, allowed: 1, undecided: 1, repeated: 2 });
    expect(all.subjects[0]).toMatchObject({ events: 1, needs: [{ events: 1 }] });
  });

  it('tells needs of one verb apart, and has the window of the requests', () => {
    const at = (requestReceivedTimestamp: string) => ({ requestReceivedTimestamp });
    const services = '/api/v1/namespaces/shop/services/web';
    const all = usage([
      record('get', pod, at('2026-01-01T00:00:02Z')),
      record('get', services, at('2026-01-01T00:00:01Z')),
      record('get', '/metrics', at('2026-01-01T00:00:03Z')),
    ]);
    expect(needsOf('jana', all)).toEqual(['get pods "web" in shop', 'get services "web" in shop', 'get /metrics']);
    const [first, last] = ['2026-01-01T00:00:01Z', '2026-01-01T00:00:03Z'].map((time) => Date.parse(time));
    expect(all.subjects[0]?.window).toEqual({ first, last });
  });

  it('asks for create on sockets into pods only', () => {
    const others = [
      '/apis/x.example.com/v1/namespaces/shop/pods/web/exec',
      '/api/v1/namespaces/shop/services/web/exec',
    ];
    const all = usage(
      [...others.map((path) => record('get', path)), record('get', `${pod}/exec`), record('patch', `${pod}/attach`)],
      35,
    );
    expect(needsOf('jana', all).filter((need) => need.startsWith('create'))).toEqual([
      'create pods/exec "web" in shop',
    ]);
  });

  it('takes nothing that was refused as a need', () => {
    const all = usage([record('get', pod, { responseStatus: { code: 403 } })]);
    expect(all).toMatchObject({ denied: 1, subjects: [{ denied: 1, events: 0, needs: [] }] });
  });

  it('knows the first and the last time of each need', () => {
    const times = ['2026-01-02T00:00:00Z', '2026-01-01T00:00:00Z', '2026-01-03T00:00:00Z'];
    const all = usage(times.map((requestReceivedTimestamp) => record('get', pod, { requestReceivedTimestamp })));
    const span = { first: Date.parse('2026-01-01'), last: Date.parse('2026-01-03') };
    expect(all).toMatchObject({ window: span, subjects: [{ window: span, needs: [{ events: 3, ...span }] }] });
  });

  it('needs create where a patch made the object', () => {
    const all = usage([record('patch', pod, { responseStatus: { code: 201 } })]);
    expect(needsOf('jana', all)).toEqual(['patch pods "web" in shop', 'create pods in shop']);
  });

  it.each([
    [undefined, []],
    [34, []],
    [35, ['create pods/exec "web" in shop']],
  ])('of a WebSocket into a pod, version %s', (minor, more) => {
    const all = usage([record('get', `${pod}/exec`, { responseStatus: { code: 101 } })], minor);
    expect(needsOf('jana', all)).toEqual(['get pods/exec "web" in shop', ...more]);
  });

  it('of somebody spoken for is theirs; who speaks needs to impersonate', () => {
    const impersonatedUser = {
      username: 'bob',
      groups: ['qa', 'system:authenticated'],
      extra: { scope: ['x'] },
      uid: '7',
    };
    const all = usage([record('get', pod, { impersonatedUser })]);
    expect(needsOf('bob', all)).toEqual(['get pods "web" in shop']);
    expect(needsOf('jana', all)).toEqual([
      'impersonate users "bob"',
      'impersonate groups "qa"',
      'impersonate uids.authentication.k8s.io "7"',
      'impersonate userextras.authentication.k8s.io/scope "x"',
    ]);
  });

  it('of an account spoken for needs no right to its own groups', () => {
    const groups = ['system:serviceaccounts', 'system:serviceaccounts:shop', 'system:authenticated'];
    const impersonatedUser = { username: 'system:serviceaccount:shop:web', groups };
    expect(needsOf('jana', usage([record('get', pod, { impersonatedUser })]))).toEqual([
      'impersonate serviceaccounts "web" in shop',
    ]);
  });

  it('does not keep thousands of names: they become any name, which is told', () => {
    const records = Array.from({ length: 2500 }, (_, index) => record('get', `${pod}-${index}`));
    const all = usage(records);
    expect(all.subjects[0]).toMatchObject({
      needs: [{ need: { verb: 'get', resource: 'pods' }, events: 2500 }],
      collapsed: [{ verb: 'get', resource: 'pods', namespace: 'shop' }],
    });
  });
});

describe('usage of a long log', () => {
  it('forgets requests of long ago, and none of the last ones', () => {
    const table = new UsageTable({});
    const ids = Array.from({ length: 70_000 }, (_, index) => `id-${index}`);
    for (const auditID of ids) table.take(record('get', pod, { auditID }));
    for (const auditID of ids.slice(-1000)) table.take(record('get', pod, { auditID }));
    expect(table.result()).toMatchObject({ requests: 70_000, repeated: 1000 });
    table.take(record('get', pod, { auditID: 'id-0' }));
    expect(table.result()).toMatchObject({ requests: 70_001 });
  });
});
