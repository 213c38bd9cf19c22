// Finds Services that wait for a load balancer which nobody makes.

import { asArray, asObject, asString, type KubeObject } from '../../model/index.ts';
import { findCondition, liveCheck, metadataOf, specOf, statusOf } from './live-check.ts';
import { minutesSince, onceItLasts } from './seen-at.ts';

/** Clouds take a few minutes. */
const patience = 10;

/** Whoever makes load balancers marks the Services that it works on, each with a name of its own. */
function isTaken(service: KubeObject): boolean {
  return asArray(metadataOf(service)['finalizers']).length > 0;
}

export const loadBalancerPending = liveCheck(
  {
    id: 'load-balancer-pending',
    family: 'running',
    title: 'Load balancers have an address',
    leg: 'deployment',
    level: 1,
    owner: 'cluster-administrator',
    severity: 'medium',
    references: [],
    remediation: 'Install what makes load balancers here, or use an Ingress or a Gateway.',
    minutes: 30,
  },
  {
    kinds: ['/Service'],
    applies: (service) => specOf(service)['type'] === 'LoadBalancer',
    find: (service, context) => {
      const { loadBalancer } = statusOf(service);
      if (asArray(asObject(loadBalancer)['ingress']).length > 0) return undefined;
      const taken = isTaken(service);
      const late = minutesSince(context, metadataOf(service)['creationTimestamp']) >= patience;
      const handler = asString(specOf(service)['loadBalancerClass']);
      const problem = findCondition(service, 'LoadBalancerPortsError');
      const who = handler === undefined ? 'no load balancer' : `no load balancer of the class "${handler}"`;
      return onceItLasts(!taken || late, {
        message: `Service "${service.name}" has ${who}: it is not reached from outside`,
        path: ['status', 'loadBalancer'],
        evidence: `no address; ${taken ? 'a provider is at work on it' : 'no provider has taken it up'}${problem === undefined ? '' : `; ${problem.message}`}`,
      });
    },
  },
);
