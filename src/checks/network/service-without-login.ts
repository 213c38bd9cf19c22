// Finds programs that a probe could use without a login: dashboards, databases, consoles.

import { appCheck } from '../check.ts';
import { doorsSeen, tellOpenDoor } from '../seen-doors.ts';

const standpoints = ['outside', 'inside'] as const;
const settledBy = 'a probe from a pod and from outside';

export const serviceWithoutLogin = appCheck(
  {
    id: 'service-without-login',
    family: 'network',
    title: 'No dashboard and no data store is open without a login',
    leg: 'security',
    level: 3,
    owner: 'developer',
    severity: 'high',
    references: [{ framework: 'MITRE', id: 'T1133' }],
    remediation: 'Turn the login on, and let only the programs that need it reach the Service.',
    minutes: 30,
    settledBy,
  },
  {
    applies: ({ inventory }) => inventory.ofKind('/Service').length > 0,
    find: ({ inventory }) => {
      const seen = standpoints.flatMap((from) => doorsSeen(inventory, from).map((door) => ({ door, from })));
      const services = seen.filter(({ door }) => door.door === 'service');
      const open = services.filter(({ door }) => door.state === 'open');
      if (open.length > 0 || services.some(({ from }) => from === 'inside'))
        return open.map(({ door, from }) => {
          const object =
            door.service === undefined ? undefined : inventory.find({ group: '', kind: 'Service', ...door.service });
          return { ...tellOpenDoor(door, from), path: ['spec', 'ports'], ...(object === undefined ? {} : { object }) };
        });
      return {
        verdict: 'unknown',
        message: 'whether Services give data away without a login cannot be seen in files',
        evidence: `would be settled by ${settledBy}: \`nowwhat probe --from both\``,
      };
    },
  },
);
