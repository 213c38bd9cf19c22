// Finds workloads that use rights which were given to everything in their namespace.

import { asString } from '../../model/index.ts';
import { workloadCheck } from '../check.ts';
import { accountOf, accountPath, isStaticPod, projectsApiToken, tokenMount } from '../../inventory/rights/accounts.ts';
import { bindingsNaming } from '../../inventory/rights/bindings.ts';
import { rbacMeta } from './rbac-meta.ts';

export const defaultAccountUsed = workloadCheck(
  rbacMeta({
    id: 'default-account-used',
    title: 'Workloads with rights have an account of their own',
    level: 2,
    severity: 'medium',
    references: [
      { framework: 'CIS', id: '5.1.5' },
      { framework: 'OWASP', id: 'K03' },
    ],
    remediation:
      'Name an account of its own in serviceAccountName, and bind that one if the program speaks to the API.',
    minutes: 20,
  }),
  {
    applies: (workload) => !isStaticPod(workload) && accountOf(workload).name === 'default',
    find: (workload, { inventory }) => {
      const [binding] = bindingsNaming(inventory, accountOf(workload));
      const carries = tokenMount(inventory, workload)?.mounted === true || projectsApiToken(workload);
      if (binding === undefined || !carries) return undefined;
      const { kind, name, namespace } = workload.object;
      const stated = asString(workload.spec['serviceAccountName']) === undefined ? 'not set' : 'default';
      return {
        message: `${kind} "${name}" carries a token of the account "default", which ${binding.object.kind} "${binding.object.name}" gives the rights of ${binding.role.kind} "${binding.role.name}"`,
        path: accountPath(workload),
        evidence: `serviceAccountName is ${stated}; ${binding.object.kind} ${binding.object.name} names ServiceAccount ${namespace}/default`,
      };
    },
    fix: (workload, { path = [] }, { inventory }) => {
      const { object } = workload;
      const { name, namespace } = object;
      if (inventory.find({ group: '', kind: 'ServiceAccount', namespace, name }) !== undefined) return undefined;
      const subject = { kind: 'ServiceAccount', name, namespace };
      const bindings = bindingsNaming(inventory, accountOf(workload)).map((binding) => binding.object);
      // The rights of the default account stay, for pods that are not in the input.
      return {
        edits: [{ op: 'set', path, value: name }],
        others: bindings.map((binding) => ({
          object: binding,
          edits: [{ op: 'add', path: ['subjects'], values: [subject] }],
        })),
        create: [{ raw: { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } }, beside: object }],
      };
    },
  },
);
