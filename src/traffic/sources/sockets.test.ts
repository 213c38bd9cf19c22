import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseProcNet, parseSs } from './parse-sockets.ts';
import { type PodSamples, socketsToFlows } from './sockets-to-flows.ts';

// As a Linux 5.10 prints them in a pod that listens on 8080 (IPv6, both families) and has called 10.96.0.20:5432.
const tables = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F91 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 23 1 0000000000000000 100 0 0 10 0
   1: 0500F40A:9C40 1400600A:1538 01 00000000:00000000 02:00000A5F 00000000     0        0 24 2 0000000000000000 20 4 24 10 -1
   2: 0500F40A:9C42 1400600A:1538 06 00000000:00000000 03:00000A5F 00000000     0        0 0 3 0000000000000000
   3: 0500F40A:9C44 076433C6:01BB 02 00000001:00000000 01:00000A5F 00000003     0        0 25 2 0000000000000000 20 4 24 10 -1
  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 26 1 0000000000000000 100 0 0 10 0
   1: 0000000000000000FFFF00000500F40A:1F90 0000000000000000FFFF00000900F40A:C350 01 00000000:00000000 00:00000000 00000000     0        0 27 1 0000000000000000 20 4 30 10 -1
   2: B80D0120000000000000000001000000:1F90 B80D0120000000000000000002000000:C350 01 00000000:00000000 00:00000000 00000000     0        0 28 1 0
   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  100: 0500F40A:8235 0A00600A:0035 01 00000000:00000000 00:00000000 00000000     0        0 29 2 0000000000000000 0
  101: 00000000:14E9 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 30 2 0000000000000000 0
  102: 0500F40A:82`;

describe('the tables of the kernel', () => {
  it('are read with both families, and IPv4 written as IPv6', () => {
    const found = parseProcNet(tables).map(
      ({ protocol, localAddress, localPort, remoteAddress, remotePort, state }) =>
        `${protocol} ${localAddress}:${localPort} ${remoteAddress}:${remotePort} ${state}`,
    );
    expect(found).toEqual([
      'TCP 127.0.0.1:8081 0.0.0.0:0 listening',
      'TCP 10.244.0.5:40000 10.96.0.20:5432 connected',
      'TCP 10.244.0.5:40002 10.96.0.20:5432 connected',
      'TCP 10.244.0.5:40004 198.51.100.7:443 attempted',
      'TCP :::8080 :::0 listening',
      'TCP 10.244.0.5:8080 10.244.0.9:50000 connected',
      'TCP 2001:db8::1:8080 2001:db8::2:50000 connected',
      'UDP 10.244.0.5:33333 10.96.0.10:53 connected',
      'UDP 0.0.0.0:5353 0.0.0.0:0 listening',
    ]);
  });

  it('of machines with the other byte order are read in theirs', () => {
    const [socket] = parseProcNet('   1: 0AF40005:9C40 0A600014:1538 01 00000000:00000000 02:00000A5F', 'big');
    expect(socket).toMatchObject({ localAddress: '10.244.0.5', remoteAddress: '10.96.0.20' });
  });

  it('may be anything without an error', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat({ max: tables.length }), (garbage, end) => {
        const before = parseProcNet(tables.slice(0, end)).length;
        expect(parseProcNet(`${tables.slice(0, end)}\n${garbage}`).length).toBeGreaterThanOrEqual(before);
        parseSs(garbage);
      }),
    );
  });
});

describe('what ss prints', () => {
  it('is read', () => {
    const text = `Netid State    Recv-Q Send-Q           Local Address:Port            Peer Address:Port
udp   UNCONN   0      0                          *:5353                       *:*
tcp   LISTEN   0      128                     [::]:8080                    [::]:*
tcp   ESTAB    0      0              10.244.0.5%eth0:40000             10.96.0.20:5432
tcp   SYN-SENT 0      1                 10.244.0.5:40002             203.0.113.7:443
tcp   ESTAB    0      0      [::ffff:10.244.0.5]:8080      [::ffff:10.244.0.9]:50000
tcp   TIME-W`;
    expect(
      parseSs(text).map(
        ({ protocol, localAddress, localPort, remoteAddress, remotePort, state }) =>
          `${protocol} ${localAddress}:${localPort} ${remoteAddress}:${remotePort} ${state}`,
      ),
    ).toEqual([
      'UDP 0.0.0.0:5353 0.0.0.0:0 listening',
      'TCP :::8080 :::0 listening',
      'TCP 10.244.0.5:40000 10.96.0.20:5432 connected',
      'TCP 10.244.0.5:40002 203.0.113.7:443 attempted',
      'TCP 10.244.0.5:8080 10.244.0.9:50000 connected',
    ]);
  });
});

describe('connections of a pod', () => {
  const pod: PodSamples = {
    namespace: 'shop',
    pod: 'web-1',
    container: 'web',
    declaredPorts: [],
    samples: ['2026-11-23T20:00:00.000Z', '2026-11-23T20:00:01.000Z'].map((time) => ({
      time,
      sockets: parseProcNet(tables),
    })),
  };

  it('lead to the end that listens, and are counted once each', () => {
    const found = socketsToFlows(pod).map(
      ({ from, to, protocol, port, outcome, count }) =>
        `${from.address} > ${to.address} ${protocol} ${port} ${outcome} ${count}`,
    );
    expect(found).toEqual([
      '10.244.0.5 > 10.96.0.20 TCP 5432 connected 2',
      '10.244.0.5 > 198.51.100.7 TCP 443 attempted 1',
      '10.244.0.9 > 10.244.0.5 TCP 8080 connected 1',
      '2001:db8::2 > 2001:db8::1 TCP 8080 connected 1',
      '10.244.0.5 > 10.96.0.10 UDP 53 connected 1',
    ]);
  });

  it('have the direction of the declared port where nobody was seen to listen any more', () => {
    const sockets = parseProcNet('   1: 0500F40A:1F90 0900F40A:C350 06 00000000:00000000 02:00000A5F');
    const samples = [{ time: '2026-11-23T20:00:00.000Z', sockets }];
    expect(socketsToFlows({ ...pod, samples })[0]).toMatchObject({ from: { pod: 'web-1' }, port: 50_000 });
    expect(socketsToFlows({ ...pod, samples, declaredPorts: [8080] })[0]).toMatchObject({
      to: { pod: 'web-1' },
      port: 8080,
    });
  });
});
