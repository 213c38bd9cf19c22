import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Flow } from '../flow.ts';
import { FlowLines, type FlowReader } from './parse-flows.ts';
import { meshQueries } from './prometheus.ts';
import type { TrafficEdge, TrafficReport } from '../report.ts';
import { objectParty, type Party } from '../who/party.ts';
import { renderOwnFlows } from './render-own-flows.ts';

function parseFlows(text: string, name: string): FlowReader {
  const lines = new FlowLines(name);
  for (const line of text.split('\n')) lines.take(line);
  return lines.end();
}

function only(text: string): Flow | undefined {
  const { flows } = parseFlows(text, 'f').result();
  expect(flows).toHaveLength(1);
  return flows[0];
}

// As Hubble 1.19 prints it; addresses and names are made up.
const hubble = (
  more: object,
  l4: object = { TCP: { source_port: 60_524, destination_port: 80, flags: { SYN: true } } },
) =>
  JSON.stringify({
    flow: {
      time: '2026-07-31T10:41:02.202450754Z',
      verdict: 'FORWARDED',
      ethernet: { source: '62:6b:d0:a4:c5:63', destination: '6e:d0:ea:78:fc:0a' },
      IP: { source: '10.0.1.235', destination: '10.0.0.21', ipVersion: 'IPv4' },
      l4,
      source: {
        ID: 423,
        identity: 24_753,
        namespace: 'shop',
        labels: ['k8s:app=web', 'k8s:io.kubernetes.pod.namespace=shop'],
        pod_name: 'web-9b649846d-bxqfc',
        workloads: [{ name: 'web', kind: 'Deployment' }],
      },
      destination: { identity: 24_075, namespace: 'shop', labels: ['k8s:app=db'], pod_name: 'db-0' },
      Type: 'L3_L4',
      node_name: 'node1',
      event_type: { type: 4 },
      traffic_direction: 'EGRESS',
      is_reply: false,
      ...more,
    },
    node_name: 'node1',
    time: '2026-07-31T10:41:02.202450754Z',
  });

describe('flows of Hubble', () => {
  it('are read with both pods', () => {
    expect(only(hubble({}))).toEqual({
      from: {
        address: '10.0.1.235',
        namespace: 'shop',
        pod: 'web-9b649846d-bxqfc',
        workload: { name: 'web', kind: 'Deployment' },
        labels: { app: 'web' },
      },
      to: { address: '10.0.0.21', namespace: 'shop', pod: 'db-0', labels: { app: 'db' } },
      protocol: 'TCP',
      port: 80,
      outcome: 'connected',
      count: 1,
      time: '2026-07-31T10:41:02.202Z',
      where: 'f:1',
    });
  });

  it('are turned round where they are answers, and then count nothing', () => {
    const flow = only(
      hubble({ is_reply: true }, { TCP: { source_port: 80, destination_port: 60_524, flags: { ACK: true } } }),
    );
    expect(flow).toMatchObject({ from: { pod: 'db-0' }, to: { pod: 'web-9b649846d-bxqfc' }, port: 80, count: 0 });
  });

  it('say what was dropped, and who is no pod', () => {
    expect(only(hubble({ verdict: 'DROPPED' }))).toMatchObject({ outcome: 'dropped' });
    const world = { destination: { labels: ['reserved:world'] }, destination_names: ['API.Example.com.'] };
    expect(only(hubble(world))?.to).toEqual({ address: '10.0.0.21', host: 'api.example.com', is: 'outside' });
    expect(only(hubble({ source: { labels: ['reserved:host'] } }))?.from).toMatchObject({ is: 'node' });
    expect(
      only(hubble({ destination: { labels: ['reserved:kube-apiserver', 'reserved:remote-node'] } }))?.to,
    ).toMatchObject({
      is: 'api-server',
    });
  });

  it('are merged where they are alike, with first and last time', () => {
    const later = hubble({ time: '2026-07-31T11:00:00Z' });
    expect(only(`${hubble({})}\n${later}\n`)).toMatchObject({
      count: 2,
      time: '2026-07-31T10:41:02.202Z',
      last: '2026-07-31T11:00:00.000Z',
    });
  });

  it('leave out what is no connection and tell of lost ones', () => {
    const reader = parseFlows(
      [hubble({}, { ICMPv4: { type: 8 } }), '{"lost_events":{"num_events_lost":3}}', '{"node_status":{}}'].join('\n'),
      'f',
    );
    expect(reader.result()).toEqual({
      flows: [],
      ignored: [{ where: 'f:2', reason: 'Hubble lost events here: connections may be missing' }],
    });
  });
});

const gadget = (more: object) =>
  JSON.stringify({
    k8s: {
      containerName: 'web',
      namespace: 'shop',
      node: 'n',
      owner: { kind: 'ReplicaSet', name: 'web-9b6' },
      podLabels: 'app=web,tier=x',
      podName: 'web-9b6-bxqfc',
    },
    src: {
      addr: '10.0.1.5',
      port: 60_552,
      proto: 'TCP',
      version: 4,
      k8s: { kind: 'pod', name: 'web-9b6-bxqfc', namespace: 'shop', labels: 'app=web' },
    },
    dst: {
      addr: '10.96.0.20',
      port: 5432,
      proto: 'TCP',
      version: 4,
      k8s: { kind: 'svc', name: 'db', namespace: 'shop', labels: '' },
    },
    type: 'connect',
    error: '',
    timestamp: '2026-08-01T22:57:26.381234567Z',
    ...more,
  });

describe('events of Inspektor Gadget', () => {
  it('are read: trace_tcp', () => {
    expect(only(gadget({}))).toMatchObject({
      from: { address: '10.0.1.5', namespace: 'shop', pod: 'web-9b6-bxqfc', labels: { app: 'web', tier: 'x' } },
      to: { address: '10.96.0.20', namespace: 'shop', service: 'db' },
      port: 5432,
      outcome: 'connected',
      time: '2026-08-01T22:57:26.381Z',
    });
    expect(only(gadget({ error: 'ECONNREFUSED' }))).toMatchObject({ outcome: 'attempted' });
  });

  it('are read: who accepts is the one that was called', () => {
    const raw = { addr: '198.51.100.9', port: 50_000, proto: 6, version: 4, k8s: { kind: 'raw' } };
    const own = { addr: '10.0.1.5', port: 8080, proto: 6, version: 4 };
    for (const ends of [
      { src: own, dst: raw },
      { src: raw, dst: own },
    ])
      expect(only(gadget({ ...ends, type: 'accept' }))).toMatchObject({
        from: { address: '198.51.100.9' },
        to: { pod: 'web-9b6-bxqfc', address: '10.0.1.5' },
        port: 8080,
      });
  });

  it('are read: advise_networkpolicy, as a list', () => {
    const base = JSON.parse(gadget({ src: undefined, dst: undefined, type: undefined }));
    const endpoint = {
      addr: '10.0.0.7',
      port: 8080,
      proto: 'TCP',
      version: 4,
      k8s: { kind: 'pod', name: 'api-1', namespace: 'shop', labels: 'app=api' },
    };
    const text = JSON.stringify([
      { ...base, egress: 1, endpoint },
      { ...base, egress: 0, endpoint },
    ]);
    const { flows } = parseFlows(text, 'f').result();
    expect(flows.map(({ from, to, port }) => [from.pod, to.pod, port])).toEqual([
      ['web-9b6-bxqfc', 'api-1', 8080],
      ['api-1', 'web-9b6-bxqfc', 8080],
    ]);
  });

  it('leave out the end of connections', () => {
    expect(parseFlows(gadget({ type: 'close' }), 'f').result()).toEqual({ flows: [], ignored: [] });
  });
});

const vector = (...series: [Record<string, string>, string][]) =>
  JSON.stringify(
    {
      status: 'success',
      data: {
        resultType: 'vector',
        result: series.map(([metric, value]) => ({ metric, value: [1_786_000_000.5, value] })),
      },
    },
    null,
    2,
  );

describe('answers of Prometheus', () => {
  it('are read: Istio', () => {
    const labels = {
      source_workload: 'web',
      source_workload_namespace: 'shop',
      destination_workload: 'db',
      destination_workload_namespace: 'shop',
      destination_service: 'db.shop.svc.cluster.local',
      destination_service_name: 'db',
      destination_service_namespace: 'shop',
    };
    const outside = { ...labels, destination_workload: 'unknown', destination_service: 'api.example.com' };
    const { flows } = parseFlows(
      vector([labels, '3.02'], [outside, '1'], [{ ...labels, source_workload: 'x' }, '0']),
      'f',
    ).result();
    expect(flows).toMatchObject([
      { from: { namespace: 'shop', workload: { name: 'web' } }, to: { workload: { name: 'db' } }, count: 3 },
      { to: { host: 'api.example.com' }, count: 1, time: '2026-08-06T07:06:40.500Z' },
    ]);
    expect(flows[0]).not.toHaveProperty('port');
  });

  it('are read: Linkerd', () => {
    const labels = {
      namespace: 'shop',
      deployment: 'web',
      dst_namespace: 'shop',
      dst_statefulset: 'db',
      dst_service: 'db',
      target_ip: '10.0.0.7',
      target_port: '5432',
    };
    expect(only(vector([labels, '2']))).toMatchObject({
      from: { namespace: 'shop', workload: { kind: 'Deployment', name: 'web' } },
      to: { workload: { kind: 'StatefulSet', name: 'db' }, address: '10.0.0.7' },
      port: 5432,
    });
  });

  it('with a time that is no date, or a port that is none, are read without it', () => {
    const labels = { namespace: 'shop', deployment: 'web', dst_service: 'db', target_port: '70000' };
    const far = { status: 'success', data: { result: [{ metric: labels, value: [-8_640_000_000_000.001, '3'] }] } };
    const flow = only(JSON.stringify(far));
    expect(flow).toMatchObject({ to: { service: 'db' }, count: 3 });
    expect(flow).not.toHaveProperty('time');
    expect(flow).not.toHaveProperty('port');
  });

  it('that are errors or something else are told', () => {
    const error = JSON.stringify({ status: 'error', error: 'query timed out', data: { result: [] } });
    expect(parseFlows(error, 'f').result().ignored[0]?.reason).toBe('Prometheus answered: query timed out');
    expect(parseFlows(vector([{ job: 'node' }, '1']), 'f').result().ignored).toHaveLength(1);
  });

  it('are asked for with the window', () => {
    for (const query of meshQueries('30m')) expect(query).toMatch(/increase\(\w+(\{.*\})?\[30m\]\)/);
  });
});

describe('our own format', () => {
  it('of a report is read as what the report says was seen', () => {
    const party = (kind: 'workload' | 'service', name: string): Party =>
      objectParty(kind, { kind: kind === 'workload' ? 'Deployment' : 'Service', namespace: 'shop', name });
    const edge = (to: Party, more: Partial<TrafficEdge> = {}): TrafficEdge => ({
      from: party('workload', 'web'),
      to,
      protocol: 'TCP',
      port: 8080,
      status: 'not-declared',
      declared: [],
      seen: [
        { where: 'a', outcome: 'connected', count: 2, first: '2026-11-23T20:00:00Z', last: '2026-11-23T21:00:00Z' },
      ],
      ...more,
    });
    const plain = (kind: Party['kind'], id: string): Party => ({ kind, id, name: id, present: true });
    const edges = [
      edge(party('workload', 'api')),
      edge(party('service', 'mail'), { protocol: 'UDP' }),
      edge(plain('outside', 'api.example.com'), { port: 443 }),
      edge(plain('outside', '203.0.113.7'), { seen: [{ where: 'b', outcome: 'dropped', count: 1 }] }),
      edge(plain('cluster', '10.0.0.9')),
      edge(plain('api-server', 'api-server')),
      edge(party('workload', 'never'), { seen: [] }),
    ];
    const text = renderOwnFlows({ edges } as unknown as TrafficReport);
    const { flows, ignored } = parseFlows(text, 'f').result();
    expect(ignored).toEqual([]);
    expect(flows.map(({ to }) => to)).toEqual([
      { namespace: 'shop', workload: { kind: 'Deployment', name: 'api' } },
      { namespace: 'shop', service: 'mail' },
      { host: 'api.example.com' },
      { address: '203.0.113.7' },
      { address: '10.0.0.9' },
      { is: 'api-server' },
    ]);
    expect(flows[0]).toMatchObject({
      from: { namespace: 'shop', workload: { kind: 'Deployment', name: 'web' } },
      protocol: 'TCP',
      port: 8080,
      outcome: 'connected',
      count: 2,
      time: '2026-11-23T20:00:00.000Z',
      last: '2026-11-23T21:00:00.000Z',
    });
    expect(flows.map(({ outcome }) => outcome)).toContain('dropped');
    expect(flows[1]?.protocol).toBe('UDP');
  });

  it('is read', () => {
    const text =
      '{"schema":"nowwhat.dev/flow/v1","time":"2026-11-23T20:00:00Z","from":{"namespace":"shop","workload":"Deployment/web"},"to":{"host":"API.example.com"},"port":443,"count":4}';
    expect(only(text)).toEqual({
      from: { namespace: 'shop', workload: { kind: 'Deployment', name: 'web' } },
      to: { host: 'api.example.com' },
      protocol: 'TCP',
      port: 443,
      outcome: 'connected',
      count: 4,
      time: '2026-11-23T20:00:00.000Z',
      where: 'f:1',
    });
  });

  it.each([
    ['{"from":{},"to":{}}', 'names no "from" or no "to"'],
    ['{"from":{"pod":"a"},"to":{"pod":"b"},"protocol":"ICMP"}', 'has a protocol that is not TCP, UDP or SCTP'],
    ['{"from":{"pod":"a"},"to":{"pod":"b"},"port":0}', 'has a port that is not a number from 1 to 65535'],
    [
      '{"from":{"pod":"a"},"to":{"pod":"b"},"outcome":"x"}',
      'has an outcome that is not connected, attempted or dropped',
    ],
  ])('of %s says what is wrong', (rest, reason) => {
    const text = rest.replace('{', '{"schema":"nowwhat.dev/flow/v1",');
    expect(parseFlows(text, 'f').result().ignored).toEqual([{ where: 'f:1', reason }]);
  });
});

describe('any other text', () => {
  it('is told, line by line, and never an error', () => {
    const lines = [hubble({}), gadget({}), hubble({}).slice(0, 200), '[]', '3', '{"a":1}'];
    const reader = parseFlows(lines.join('\r\n'), 'f');
    expect(reader.records).toBe(2);
    expect(reader.result().ignored.map(({ where, reason }) => `${where} ${reason}`)).toEqual([
      'f:3 is no whole JSON',
      'f:5 is no JSON object',
      'f:6 is no record of a connection that is known here',
    ]);
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.json())), (texts) => {
        parseFlows(texts.join('\n'), 'f');
      }),
    );
  });

  it('with the shape of a record and anything in it is never an error', () => {
    const key = fc.constantFrom(
      'flow',
      'l4',
      'TCP',
      'source',
      'destination',
      'src',
      'dst',
      'k8s',
      'endpoint',
      'from',
      'to',
      'schema',
      'data',
      'status',
      'result',
    );
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        fc.constantFrom(null, 'nowwhat.dev/flow/v1', 'success', 80, 'pod', []),
        fc.dictionary(key, tie('value')),
      ),
    }));
    fc.assert(
      fc.property(value, (record) => {
        parseFlows(JSON.stringify(record), 'f');
      }),
    );
  });
});
