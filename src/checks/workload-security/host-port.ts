// Finds containers that open a port of the node.

import { hostPorts } from '../../kube/pod-security/controls/host-ports.ts';
import { compromiseMeta } from './compromise-meta.ts';
import { controlCheck } from './pod-security-control.ts';

export const hostPort = controlCheck(
  compromiseMeta({
    id: 'host-port',
    title: 'Containers open no port of the node',
    severity: 'medium',
    references: [
      { framework: 'CIS', id: '5.2.12' },
      { framework: 'PSS', id: 'baseline' },
    ],
    remediation: 'Remove hostPort and reach the pod through a Service.',
    minutes: 10,
  }),
  {
    control: hostPorts,
    consequence: 'the network of the node reaches it directly, and each node can run only one such pod',
    // With the node's network every port is the node's: host-network tells that.
    applies: ({ spec }) => spec['hostNetwork'] !== true,
    way: {
      title: 'Remove the port of the node',
      loss: 'callers that use the address of a node and this number do not reach it: a Service must lead to it',
    },
  },
);
