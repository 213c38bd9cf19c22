import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../model/index.ts';
import { AuditLog, type AuditRecord } from './index.ts';

function event(more: JsonObject = {}): JsonObject {
  return {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'Metadata',
    auditID: 'a',
    stage: 'ResponseComplete',
    requestURI: '/api/v1/namespaces/shop/pods/web',
    verb: 'get',
    user: { username: 'jana', groups: ['system:authenticated'] },
    responseStatus: { code: 200 },
    requestReceivedTimestamp: '2026-01-01T00:00:00.000000Z',
    ...more,
  };
}

interface Read {
  readonly records: readonly AuditRecord[];
  readonly ignored: number;
}

function read(text: string, piece = text.length || 1): Read {
  const records: AuditRecord[] = [];
  const log = new AuditLog((record) => records.push(record));
  for (let at = 0; at < text.length; at += piece) log.push(text.slice(at, at + piece));
  log.end();
  return { records, ignored: log.ignored };
}

function requests(text: string): unknown[] {
  return read(text).records.map(({ request }) => request);
}

const podWeb = { verb: 'get', group: '', resource: 'pods', namespace: 'shop', name: 'web' };
const json = (value: unknown): string => JSON.stringify(value);

describe('an audit log', () => {
  it.each([
    ['lines', `${json(event())}\n${json(event())}\n`],
    ['lines without the last end', `${json(event())}\r\n\n${json(event())}`],
    ['values behind each other', json(event()) + json(event())],
    ['pretty-printed values', `${JSON.stringify(event(), null, 2)}\n${JSON.stringify(event(), null, 2)}\n`],
    ['a list', json([event(), event()])],
    ['a pretty-printed list', JSON.stringify([event(), event()], null, 1)],
    [
      'an EventList',
      json({ kind: 'EventList', apiVersion: 'audit.k8s.io/v1', metadata: {}, items: [event(), event()] }),
    ],
    [
      'a pretty EventList',
      JSON.stringify({ kind: 'EventList', metadata: {}, items: [event(), event()], a: [{}] }, null, 2),
    ],
    ['lines behind a time', `2026-01-01T00:00:00Z ${json(event())}\n2026-01-01T00:00:01Z ${json(event())}\n`],
    ['filter-log-events of CloudWatch', json({ events: [1, 2].map(() => ({ timestamp: 1, message: json(event()) })) })],
    [
      'a subscription of CloudWatch',
      json({ messageType: 'DATA_MESSAGE', logEvents: [1, 2].map(() => ({ message: json(event()) })) }),
    ],
    [
      'records of Azure Monitor',
      json({ records: [1, 2].map(() => ({ category: 'kube-audit', properties: { log: json(event()) } })) }),
    ],
    ['lines of a collector', `${json({ log: `${json(event())}\n` })}\n${json({ log: json(event()) })}\n`],
  ])('as %s', (_, text) => {
    const { records, ignored } = read(text);
    expect({ requests: records.map(({ request }) => request), ignored }).toEqual({
      requests: [podWeb, podWeb],
      ignored: 0,
    });
  });

  it('as entries of Cloud Logging, with what was not granted', () => {
    const entry = (granted: boolean, methodName: string, resourceName: string): JsonObject => ({
      insertId: 'x',
      timestamp: '2026-01-01T00:00:00Z',
      protoPayload: {
        '@type': 'type.googleapis.com/google.cloud.audit.AuditLog',
        serviceName: 'k8s.io',
        authenticationInfo: { principalEmail: 'system:serviceaccount:shop:web' },
        authorizationInfo: [{ granted, permission: methodName, resource: resourceName }],
        methodName,
        resourceName,
      },
    });
    const { records } = read(
      [
        entry(true, 'io.k8s.core.v1.pods.get', 'core/v1/namespaces/shop/pods/web'),
        entry(false, 'io.k8s.apps.v1.deployments.list', 'apps/v1/namespaces/shop/deployments'),
      ]
        .map(json)
        .join('\n'),
    );
    expect(records.map(({ request, decision }) => ({ request, decision }))).toEqual([
      { request: podWeb, decision: 'allowed' },
      { request: { verb: 'list', group: 'apps', resource: 'deployments', namespace: 'shop' }, decision: 'denied' },
    ]);
    expect(records[0]?.user).toMatchObject({
      groups: ['system:serviceaccounts', 'system:serviceaccounts:shop', 'system:authenticated'],
    });
  });

  it('tells what it could not read, and reads on behind it', () => {
    const cut = json(event()).slice(0, 200);
    const { records, ignored } = read(`not json\n${json(event())}\n{"a":\n${cut}\n${json(event())}\n{"kind":"Pod"}\n`);
    expect(records).toHaveLength(2);
    expect(ignored).toBeGreaterThanOrEqual(3);
  });

  it('is the same in pieces of any length', () => {
    const texts = fc.array(
      fc.string({ unit: 'grapheme' }).map((name) => event({ objectRef: { name }, user: { username: `u${name}` } })),
      { minLength: 1, maxLength: 5 },
    );
    const spellings = fc.constantFrom<(events: JsonObject[]) => string>(
      (events) => events.map(json).join('\n'),
      (events) => events.map(json).join(''),
      (events) => events.map((each) => JSON.stringify(each, null, 2)).join('\n'),
      (events) => JSON.stringify({ items: events, kind: 'EventList' }, null, 2),
      (events) => json({ metadata: { a: ['{'] }, items: events }),
    );
    fc.assert(
      fc.property(texts, spellings, fc.integer({ min: 1, max: 400 }), (events, spell, piece) => {
        const { records, ignored } = read(spell(events), piece);
        expect(records.map(({ user }) => user.name)).toEqual(
          events.map(({ user }) => (user as { username: string }).username),
        );
        expect(ignored).toBe(0);
      }),
    );
  });
});

describe('a request', () => {
  it.each([
    ['get', '/api/v1/nodes/n1', { group: '', resource: 'nodes', namespace: '', name: 'n1' }],
    [
      'list',
      '/apis/apps/v1/namespaces/shop/deployments?limit=500',
      { group: 'apps', resource: 'deployments', namespace: 'shop' },
    ],
    ['get', '/api/v1/namespaces/shop', { group: '', resource: 'namespaces', namespace: 'shop', name: 'shop' }],
    [
      'update',
      '/api/v1/namespaces/shop/finalize',
      { group: '', resource: 'namespaces', namespace: 'shop', name: 'shop', subresource: 'finalize' },
    ],
    [
      'create',
      '/api/v1/namespaces/shop/pods/web/exec?command=ls',
      { group: '', resource: 'pods', namespace: 'shop', name: 'web', subresource: 'exec' },
    ],
    [
      'get',
      '/api/v1/namespaces/shop/services/http:web:80/proxy/a/b',
      { group: '', resource: 'services', namespace: 'shop', name: 'http:web:80', subresource: 'proxy' },
    ],
    ['watch', '/api/v1/watch/namespaces/shop/pods', { group: '', resource: 'pods', namespace: 'shop' }],
    [
      'list',
      '/api/v1/namespaces/shop/pods?fieldSelector=metadata.name%3Dweb%2Cstatus.phase%3DRunning',
      { group: '', resource: 'pods', namespace: 'shop', name: 'web' },
    ],
    [
      'watch',
      '/api/v1/pods?fieldSelector=metadata.name%3D%3Dweb&watch=true',
      { group: '', resource: 'pods', namespace: '', name: 'web' },
    ],
    [
      'list',
      '/api/v1/namespaces/shop/pods?fieldSelector=metadata.name!%3Dweb',
      { group: '', resource: 'pods', namespace: 'shop' },
    ],
    [
      'deletecollection',
      '/api/v1/namespaces/shop/pods?fieldSelector=metadata.name%3Dweb',
      { group: '', resource: 'pods', namespace: 'shop' },
    ],
    [
      'get',
      '/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Anode',
      { group: 'rbac.authorization.k8s.io', resource: 'clusterroles', namespace: '', name: 'system:node' },
    ],
    ['get', '/apis/apps/v1', { url: '/apis/apps/v1' }],
    ['get', '/api/v1', { url: '/api/v1' }],
    ['get', '/healthz?verbose', { url: '/healthz' }],
  ])('%s %s', (verb, requestURI, expected) => {
    expect(requests(json(event({ verb, requestURI })))).toEqual([{ verb, ...expected }]);
  });

  it('to create has no name, though the event takes one out of the body', () => {
    const objectRef = { resource: 'pods', namespace: 'shop', name: 'web' };
    const created = { verb: 'create', group: '', resource: 'pods', namespace: 'shop' };
    expect(requests(json(event({ verb: 'create', requestURI: '/api/v1/namespaces/shop/pods', objectRef })))).toEqual([
      created,
    ]);
    expect(requests(json(event({ verb: 'create', requestURI: '', objectRef })))).toEqual([created]);
  });

  it.each([
    [{ responseStatus: { code: 200 } }, 'allowed'],
    [{ responseStatus: { code: 404 } }, 'allowed'],
    [{ responseStatus: { code: 403 } }, 'denied'],
    [{ responseStatus: { code: 403 }, annotations: { 'authorization.k8s.io/decision': 'allow' } }, 'allowed'],
    [{ responseStatus: { code: 403 }, annotations: { 'authorization.k8s.io/decision': 'forbid' } }, 'denied'],
    [{ responseStatus: { code: 401 } }, 'unknown'],
    [{ responseStatus: { code: 429 } }, 'unknown'],
    [{ responseStatus: { code: 500 } }, 'unknown'],
    [{ stage: 'RequestReceived', responseStatus: null }, 'unknown'],
  ])('with %j is %s', (more, decision) => {
    expect(read(json(event(more))).records.map((record) => record.decision)).toEqual([decision]);
  });

  it('that patches and makes the object is told', () => {
    const made = event({ verb: 'patch', responseStatus: { code: 201 } });
    expect(read(json(made)).records).toMatchObject([{ hasCreated: true }]);
    expect(read(json(event({ verb: 'patch' }))).records).toMatchObject([{ hasCreated: false }]);
  });
});
