import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Protocol } from '../ends.ts';
import {
  allPorts,
  hasPort,
  listPorts,
  meetPorts,
  noPorts,
  type PortSet,
  portRange,
  portWords,
  unitePorts,
  withoutPorts,
} from './port-set.ts';

const protocol = fc.constantFrom<Protocol>('TCP', 'UDP', 'SCTP');
const port = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constantFrom(65_534, 65_535));
const range = fc.tuple(protocol, port, port).map(([name, a, b]) => portRange(name, Math.min(a, b), Math.max(a, b)));
const set = fc.array(range, { maxLength: 5 }).map((ranges) => ranges.reduce(unitePorts, noPorts));
const place = fc.tuple(protocol, port);

/** Ranges in order, none empty, and none that touches the next. */
function isCanonical(ports: PortSet): boolean {
  return ports.every((value, index) => {
    const before = ports[index - 1];
    if (before === undefined) return index === 0;
    return index % 2 === 1 ? value >= before : value > before + 1;
  });
}

describe('a set of ports', () => {
  it('is what a set of numbers is', () => {
    fc.assert(
      fc.property(set, set, place, (a, b, [name, number]) => {
        const [inA, inB] = [hasPort(a, name, number), hasPort(b, name, number)];
        expect(hasPort(unitePorts(a, b), name, number)).toBe(inA || inB);
        expect(hasPort(meetPorts(a, b), name, number)).toBe(inA && inB);
        expect(hasPort(withoutPorts(a, b), name, number)).toBe(inA && !inB);
      }),
      { numRuns: 2_000 },
    );
  });

  it('has one form only, so that equal sets are equal lists', () => {
    fc.assert(
      fc.property(set, set, (a, b) => {
        for (const each of [unitePorts(a, b), meetPorts(a, b), withoutPorts(a, b)])
          expect(isCanonical(each)).toBe(true);
        expect(unitePorts(withoutPorts(a, b), meetPorts(a, b))).toEqual(a);
        expect(withoutPorts(allPorts, withoutPorts(allPorts, a))).toEqual(a);
      }),
    );
  });

  it('never runs over into the next protocol', () => {
    expect(hasPort(portRange('TCP', 1, 70_000), 'UDP', 1)).toBe(false);
    expect(portRange('TCP', 0, 0)).toEqual(noPorts);
    expect(portRange('UDP', 9, 8)).toEqual(noPorts);
  });

  it('is told by protocol, without ports where it is all of them', () => {
    expect(listPorts(allPorts)).toEqual([{ protocol: 'All' }]);
    expect(listPorts(portRange('UDP'))).toEqual([{ protocol: 'UDP' }]);
    const mixed = [portRange('SCTP', 7), portRange('TCP', 80, 80), portRange('TCP', 90, 91)].reduce(
      unitePorts,
      noPorts,
    );
    expect(listPorts(mixed)).toEqual([
      { protocol: 'TCP', ports: ['80', '90-91'] },
      { protocol: 'SCTP', ports: ['7-65535'] },
    ]);
    expect(portWords(mixed)).toBe('TCP 80, 90-91; SCTP 7-65535');
    expect([portWords(noPorts), portWords(allPorts), portWords(portRange('TCP'))]).toEqual([
      'nothing',
      'all ports',
      'all TCP',
    ]);
  });
});
