// Finds the Kubernetes dashboard started without a login.

import { asArray, asString } from '../../model/index.ts';
import { workloadCheck } from '../check.ts';

export const dashboardOpen = workloadCheck(
  {
    id: 'dashboard-open',
    family: 'control-plane',
    title: 'The dashboard asks who is there',
    leg: 'security',
    level: 3,
    owner: 'cluster-administrator',
    severity: 'critical',
    references: [{ framework: 'MITRE', id: 'T1133' }],
    remediation: 'Remove the dashboard, or --enable-skip-login and --enable-insecure-login from its arguments.',
    minutes: 15,
  },
  {
    applies: ({ containers }) =>
      containers.some(({ raw }) => /kubernetes-?ui\/dashboard|kubernetes-dashboard/.test(asString(raw['image']) ?? '')),
    find: ({ object, containers }) =>
      containers.flatMap(({ name, raw, path }) =>
        asArray(raw['args']).flatMap((item, index) => {
          const argument = asString(item) ?? '';
          if (!/^--(?:enable-skip-login|enable-insecure-login|disable-settings-authorizer)(?:=true)?$/.test(argument))
            return [];
          return {
            message: `dashboard "${object.name}" lets people in without a login`,
            path: [...path, 'args', index],
            evidence: `argument ${argument}`,
            container: name,
          };
        }),
      ),
  },
);
