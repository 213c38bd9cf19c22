// Finds host and path pairs that two rules claim.

import { asArray, asObject, asString } from '../../model/index.ts';
import type { KubeObject } from '../../model/index.ts';
import type { CheckContext } from '../check.ts';
import { appCheck } from '../check.ts';
import { offer, removeWhole, way } from '../fix.ts';

interface Claim {
  readonly key: string;
  readonly path: readonly (string | number)[];
}

function claimsOf({ raw }: KubeObject): Claim[] {
  const spec = asObject(raw['spec']);
  const ingressClass = asString(spec['ingressClassName']) ?? '';
  return asArray(spec['rules']).flatMap((rule, at) =>
    asArray(asObject(asObject(rule)['http'])['paths']).map((entry, index) => {
      const { path, pathType } = asObject(entry);
      const key = [
        ingressClass,
        asString(asObject(rule)['host']) ?? '*',
        asString(path) ?? '/',
        asString(pathType) ?? '',
      ].join(' ');
      return { key, path: ['spec', 'rules', at, 'http', 'paths', index] };
    }),
  );
}

/** The first Ingress with each claim; later ones conflict with it. */
function firstClaims({ inventory }: CheckContext): ReadonlyMap<string, KubeObject> {
  const first = new Map<string, KubeObject>();
  for (const ingress of inventory.ofKind('networking.k8s.io/Ingress'))
    for (const { key } of claimsOf(ingress)) if (!first.has(key)) first.set(key, ingress);
  return first;
}

export const ingressPathConflict = appCheck(
  {
    id: 'ingress-path-conflict',
    family: 'network',
    title: 'A path belongs to one Ingress rule',
    leg: 'deployment',
    level: 1,
    owner: 'developer',
    severity: 'medium',
    references: [],
    remediation: 'Remove one of the two rules.',
    minutes: 10,
  },
  {
    applies: ({ inventory }) => inventory.ofKind('networking.k8s.io/Ingress').length > 1,
    find: (context) => {
      const first = firstClaims(context);
      return context.inventory.ofKind('networking.k8s.io/Ingress').flatMap((object) =>
        claimsOf(object)
          .filter(({ key }) => first.get(key) !== object)
          .map(({ key, path }) => ({
            object,
            message: `Ingress "${object.name}" claims a host and path that "${first.get(key)?.name}" already has: which one answers is up to the controller`,
            path,
            evidence: key.trim(),
          })),
      );
    },
    fix: ({ object, path = [] }) =>
      offer(
        way(
          {
            id: 'remove-rule',
            title: 'Leave the path to the other Ingress',
            consequence: 'requests for it go to the Service that the other Ingress names',
          },
          [removeWhole(object?.raw ?? {}, path, ['spec'])],
        ),
      ),
  },
);
