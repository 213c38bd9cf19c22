// Finds containers that offer a remote shell.

import { containerCheck } from '../check.ts';
import { compromiseMeta } from './compromise-meta.ts';
import { containerPorts } from './container-ports.ts';

export const sshPort = containerCheck(
  compromiseMeta({
    id: 'ssh-port',
    title: 'Containers offer no remote shell',
    level: 3,
    severity: 'low',
    references: [{ framework: 'MITRE', id: 'T1021.004' }],
    remediation: 'Remove the SSH server and use kubectl exec or kubectl debug, which the cluster controls and records.',
    minutes: 20,
  }),
  {
    find: (container) =>
      containerPorts(container)
        .filter(({ port, protocol }) => port === 22 && protocol === 'TCP')
        .map(({ path }) => ({
          message: `container "${container.name}" listens on the port of SSH: a second way in, with keys the cluster does not know`,
          path,
          evidence: 'containerPort is 22',
        })),
  },
);
