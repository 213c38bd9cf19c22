// Finds requests above the limit of the same resource: the API server refuses them.

import { asObject, type Json, toText } from '../../model/index.ts';
import { compareQuantities, parseQuantity } from '../../kube/quantities.ts';
import { containerCheck } from '../check.ts';
import { offer, way } from '../fix.ts';

function quantityOf(value: Json | undefined): ReturnType<typeof parseQuantity> {
  return typeof value === 'string' || typeof value === 'number' ? parseQuantity(value) : undefined;
}

export const requestAboveLimit = containerCheck(
  {
    id: 'request-above-limit',
    family: 'reliability',
    title: 'Requests stay below limits',
    leg: 'deployment',
    level: 1,
    owner: 'developer',
    severity: 'high',
    references: [],
    remediation: 'Lower the request or raise the limit.',
    minutes: 5,
  },
  {
    find: ({ name, raw, path }) => {
      const resources = asObject(raw['resources']);
      const limits = asObject(resources['limits']);
      return Object.entries(asObject(resources['requests'])).flatMap(([resource, value]) => {
        const request = quantityOf(value);
        const limit = quantityOf(limits[resource]);
        if (request === undefined || limit === undefined || compareQuantities(request, limit) <= 0) return [];
        return {
          message: `container "${name}" requests more ${resource} than its limit: the API server refuses it`,
          path: [...path, 'resources', 'requests', resource],
          evidence: `request ${toText(value)}, limit ${toText(limits[resource])}`,
        };
      });
    },
    fix: ({ raw, path: at }, { path = [] }) => {
      const resource = String(path.at(-1));
      const { requests, limits } = asObject(raw['resources']);
      const [request, limit] = [asObject(requests)[resource], asObject(limits)[resource]];
      if (request === undefined || limit === undefined) return undefined;
      return offer(
        way(
          {
            id: 'raise-limit',
            title: 'Raise the limit to the request',
            consequence: 'the container may use what it asks for, and no more',
          },
          [{ op: 'set', path: [...at, 'resources', 'limits', resource], value: request }],
        ),
        way(
          {
            id: 'lower-request',
            title: 'Lower the request to the limit',
            consequence: 'less is set aside on the node; a program that needs more is held back or killed',
          },
          [{ op: 'set', path, value: limit }],
        ),
      );
    },
  },
);
