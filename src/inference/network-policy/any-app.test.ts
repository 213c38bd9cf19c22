import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Inventory, labelsOfPods, type Workload } from '../../inventory/index.ts';
import { parseIpAddress } from '../../kube/cidr.ts';
import { type End, isPermitted, judgeConnection, podEndOf, type Protocol } from '../../reachability/index.ts';
import { inferPolicies } from '../index.ts';
import { evidenceOf, workload } from './evidence-builder.ts';
import { policySetWith } from './court.ts';
import { toWrittenObject } from './written-object.ts';

const labels = fc.dictionary(
  fc.constantFrom('app', 'app.kubernetes.io/name', 'app.kubernetes.io/instance', 'version', 'tier'),
  fc.constantFrom('a', 'b', 'c'),
);
const app = fc.record({
  namespace: fc.constantFrom('n1', 'n2'),
  labels,
  kind: fc.constantFrom('Deployment', 'StatefulSet', 'Job'),
});
const protocol = fc.constantFrom('TCP' as const, 'UDP' as const, 'SCTP' as const);
const address = fc.constantFrom('198.51.100.1', '198.51.100.2', '2001:db8::1', '10.9.8.7');
const end = fc.oneof({ weight: 3, arbitrary: fc.nat({ max: 5 }) }, { weight: 1, arbitrary: address });
const flow = fc.record({ from: end, to: end, protocol, port: fc.constantFrom(80, 443, 8080) });
type AnyEnd = number | string;

/** As the API server sees to it: labels that no other workload of the namespace has. */
function tellsApart(workloads: readonly Workload[], one: Workload): boolean {
  const pairs = Object.entries(labelsOfPods(one));
  const others = workloads.filter((each) => each !== one && each.object.namespace === one.object.namespace);
  return others.every((each) => {
    const theirs = labelsOfPods(each);
    const isSame = pairs.length === Object.keys(theirs).length && pairs.every(([key, value]) => theirs[key] === value);
    return !isSame;
  });
}

function endOf(inventory: Inventory, workloads: readonly Workload[], which: AnyEnd): End {
  if (typeof which === 'string') {
    const parsed = parseIpAddress(which);
    return parsed === undefined ? { kind: 'outside' } : { kind: 'outside', address: parsed };
  }
  const found = workloads[which];
  return found === undefined ? { kind: 'outside' } : podEndOf(inventory, found);
}

describe('policies of any app', () => {
  it('let through every connection that was seen, and none that was not', () => {
    let others = 0;
    fc.assert(
      fc.property(fc.array(app, { minLength: 2, maxLength: 6 }), fc.array(flow, { maxLength: 8 }), (apps, drawn) => {
        const yaml = apps.map((each, index) => workload({ name: `w${index}`, ...each })).join('\n---\n');
        const known = (which: AnyEnd): boolean => typeof which === 'string' || which < apps.length;
        const flows = drawn.filter(({ from, to }) => known(from) && known(to) && typeof from !== typeof to);
        const within = drawn.filter(
          ({ from, to }) => known(from) && known(to) && typeof from === 'number' && typeof to === 'number',
        );
        const seen = [...flows, ...within];
        const sideOf = (which: AnyEnd): object =>
          typeof which === 'string'
            ? { address: which }
            : { namespace: apps[which]?.namespace, workload: { name: `w${which}`, kind: apps[which]?.kind } };
        const evidence = evidenceOf(yaml, {
          flows: seen.map(({ from, to, ...rest }) => ({ from: sideOf(from), to: sideOf(to), ...rest })),
        });
        const { inventory } = evidence;
        const { workloads } = inventory;
        const inferred = inferPolicies(evidence);
        const set = policySetWith(inventory, inferred.policies.map(toWrittenObject));
        const isOpen = (from: AnyEnd, to: AnyEnd, door: { protocol: Protocol; port: number }): boolean | undefined =>
          isPermitted(
            judgeConnection(
              { from: endOf(inventory, workloads, from), to: endOf(inventory, workloads, to), ...door },
              set,
            ),
          );
        const isPrivate = (which: AnyEnd): boolean => which === '10.9.8.7';
        for (const { from, to, ...door } of seen)
          if (isPrivate(from) || isPrivate(to)) expect(isOpen(from, to, door)).not.toBe(true);
          else expect(isOpen(from, to, door)).toBe(true);
        expect(inferred.proof.metadataClosed).toBe(true);
        const apart = workloads.flatMap((each, index) => (tellsApart(workloads, each) ? [index] : []));
        for (const from of [...apart, '198.51.100.1'])
          for (const to of [...apart, '198.51.100.1'])
            for (const port of [80, 443, 8080]) {
              const isSeen = seen.some(
                (each) => each.from === from && each.to === to && each.protocol === 'TCP' && each.port === port,
              );
              if (isSeen || (typeof from === 'string' && typeof to === 'string')) continue;
              others += 1;
              // Whether a pod has an address that is open is not known of files.
              expect(isOpen(from, to, { protocol: 'TCP', port })).not.toBe(true);
            }
      }),
      { numRuns: 100 },
    );
    expect(others).toBeGreaterThan(1000);
  });
});
