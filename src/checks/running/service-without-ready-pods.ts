// Finds Services whose pods are there and not ready: every connection to them is refused.

import { podSelectorOf } from '../../inventory/index.ts';
import { hasLastingTrouble } from './lasting-trouble.ts';
import { liveCheck, specOf } from './live-check.ts';
import { livePods } from './live-pods.ts';
import { isPodReady, troubleOf } from './pod-trouble.ts';

export const serviceWithoutReadyPods = liveCheck(
  {
    id: 'service-without-ready-pods',
    family: 'running',
    title: 'Services have a ready pod behind them',
    leg: 'deployment',
    level: 1,
    owner: 'developer',
    severity: 'high',
    references: [],
    remediation: 'Make the pods behind the Service ready.',
    minutes: 20,
  },
  {
    kinds: ['/Service'],
    applies: (service) =>
      specOf(service)['type'] !== 'ExternalName' && specOf(service)['publishNotReadyAddresses'] !== true,
    find: (service, context) => {
      const selector = podSelectorOf(service);
      if (selector === undefined) return undefined;
      const pods = context.inventory.derive(livePods).matching(service.namespace, selector);
      if (pods.length === 0 || pods.some(isPodReady)) return undefined;
      // Pods that have only just been made are told as such with their workload.
      const broken = pods.find((pod) => hasLastingTrouble(pod, context));
      if (broken === undefined) return undefined;
      const count = pods.length === 1 ? 'its only pod is not ready' : `none of its ${pods.length} pods is ready`;
      return {
        message: `connections to Service "${service.name}" are refused: ${count}`,
        path: ['spec', 'selector'],
        evidence: troubleOf(broken)?.clause ?? count,
      };
    },
  },
);
