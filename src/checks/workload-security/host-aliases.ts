// Finds host names that are given an address by hand.

import { asArray, asObject, asString } from '../../model/index.ts';
import { workloadCheck } from '../check.ts';
import { compromiseMeta } from './compromise-meta.ts';
import { offer, removeWhole, way } from '../fix.ts';

export const hostAliases = workloadCheck(
  compromiseMeta({
    id: 'host-aliases',
    title: 'Addresses come from DNS',
    leg: 'deployment',
    level: 3,
    severity: 'low',
    references: [],
    remediation: 'Use the DNS name, or an ExternalName Service where the name must stay.',
    minutes: 15,
  }),
  {
    find: ({ object, spec, specPath }) =>
      asArray(spec['hostAliases']).flatMap((item, index) => {
        const ip = asString(asObject(item)['ip']) ?? '';
        // Names for the pod itself do not change with the network.
        if (ip.startsWith('127.') || ip === '::1') return [];
        return {
          message: `pods of "${object.name}" know a host by the fixed address "${ip}": they lose it when the address changes, and DNS cannot help`,
          path: [...specPath, 'hostAliases', index, 'ip'],
          evidence: `hostAliases[${index}].ip is ${ip}`,
        };
      }),
    fix: ({ object, specPath }, { path = [] }) =>
      offer(
        way(
          {
            id: 'remove-alias',
            title: 'Leave the name to DNS',
            consequence: 'where DNS does not know the name, connections to it fail',
          },
          [removeWhole(object.raw, path.slice(0, -1), specPath)],
        ),
      ),
  },
);
