// Finds gateways and routes that their controller does not serve as they are written.

import { asArray, asObject, asString, type Diagnostic, type KubeObject } from '../../model/index.ts';
import { type Condition, conditionsOf, liveCheck, readConditions, statusOf, tellCondition } from './live-check.ts';

const group = 'gateway.networking.k8s.io';
const routes = ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute'];

/** Conditions that are wrong when false, and what follows. Source: Gateway API 1.3, spec of conditions. */
const falseMeans: Readonly<Record<string, string>> = {
  Accepted: 'is not accepted: it is not served',
  Programmed: 'is not set up: nobody listens for it',
  ResolvedRefs: 'names something that is not found or not allowed: requests for it fail',
};
const trueMeans: Readonly<Record<string, string>> = {
  Conflicted: 'is in conflict with another one: only one of them is served',
  PartiallyInvalid: 'is wrong in parts: those are left out',
};

function meaningOf({ type, status }: Condition): string | undefined {
  return status === 'False' ? falseMeans[type] : status === 'True' ? trueMeans[type] : undefined;
}

/** The first that is wrong is the cause, the others follow from it. */
function judge(subject: string, conditions: readonly Condition[], field: string): Diagnostic[] {
  const wrong = conditions.filter((condition) => meaningOf(condition) !== undefined);
  const [first] = wrong;
  if (first === undefined) return [];
  return [
    {
      message: `${subject} ${meaningOf(first) ?? ''}`,
      path: ['status', field],
      evidence: wrong.map(tellCondition).join('; '),
    },
  ];
}

function ofGateway(gateway: KubeObject): Diagnostic[] {
  const whole = judge(`gateway "${gateway.name}"`, conditionsOf(gateway), 'conditions');
  const listeners = asArray(statusOf(gateway)['listeners']).map(asObject);
  return [
    ...whole,
    ...listeners.flatMap(({ name, conditions }) =>
      judge(`listener "${asString(name) ?? ''}" of gateway "${gateway.name}"`, readConditions(conditions), 'listeners'),
    ),
  ];
}

function ofRoute(route: KubeObject): Diagnostic[] {
  return asArray(statusOf(route)['parents'])
    .map(asObject)
    .flatMap(({ parentRef, conditions }) => {
      const parent = asString(asObject(parentRef)['name']) ?? '';
      return judge(`${route.kind} "${route.name}" at gateway "${parent}"`, readConditions(conditions), 'parents');
    });
}

export const routeNotAccepted = liveCheck(
  {
    id: 'route-not-accepted',
    family: 'running',
    title: 'Gateways and routes are served as they are written',
    leg: 'deployment',
    level: 1,
    owner: 'developer',
    severity: 'high',
    references: [],
    remediation:
      'Correct what the condition names: the gateway, the listener, the Service or the permission to use it.',
    minutes: 15,
  },
  {
    kinds: ['Gateway', ...routes].map((kind) => `${group}/${kind}`),
    find: (object) => (object.kind === 'Gateway' ? ofGateway(object) : ofRoute(object)),
  },
);
