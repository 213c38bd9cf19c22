// Finds probes and hooks with which the kubelet calls another host than the pod.

import { hostProbesAndHostLifecycle } from '../../kube/pod-security/controls/host-probes-and-host-lifecycle.ts';
import { compromiseMeta } from './compromise-meta.ts';
import { controlCheck } from './pod-security-control.ts';

export const hostProbeTarget = controlCheck(
  compromiseMeta({
    id: 'host-probe-target',
    title: 'Probes and hooks call the pod itself',
    severity: 'medium',
    references: [{ framework: 'PSS', id: 'baseline' }],
    remediation: 'Remove host from the probe or hook: the kubelet then calls the pod.',
    minutes: 5,
  }),
  {
    control: hostProbesAndHostLifecycle,
    consequence: 'the request comes from the node, past network policies, and says nothing about this pod',
    always: true,
    way: {
      title: 'Let the kubelet call the pod itself',
      loss: 'a program that listens on another address than that of its pod fails the probe',
    },
  },
);
