// Finds pods and containers that ask for the group root, as main group or as a further one.

import type { Workload } from '../../inventory/index.ts';
import { asArray, asObject, type Diagnostic } from '../../model/index.ts';
import { workloadCheck } from '../check.ts';
import { compromiseMeta } from './compromise-meta.ts';
import { hasUserNamespace, isLinux } from './security-context.ts';
import { offer, removeWhole, way } from '../fix.ts';

function findInPod({ object, spec, specPath }: Workload): Diagnostic[] {
  const context = asObject(spec['securityContext']);
  const path = [...specPath, 'securityContext'];
  const message = `pods of "${object.name}" belong to the group root, which may read files of the node that are in a volume`;
  const fields = ['runAsGroup', 'fsGroup'].filter((field) => context[field] === 0);
  const groups = asArray(context['supplementalGroups']).flatMap((id, index) => (id === 0 ? [index] : []));
  return [
    ...fields.map((field) => ({ message, path: [...path, field], evidence: `${field} is 0` })),
    ...groups.map((index) => ({
      message,
      path: [...path, 'supplementalGroups', index],
      evidence: `supplementalGroups[${index}] is 0`,
    })),
  ];
}

export const rootGroup = workloadCheck(
  compromiseMeta({
    id: 'root-group',
    title: 'Containers do not ask for the group root',
    severity: 'low',
    references: [{ framework: 'NSA', id: 'Non-root containers' }],
    remediation: 'Use a group number of 10000 or more in runAsGroup, fsGroup and supplementalGroups.',
    minutes: 15,
  }),
  {
    applies: (workload, { options }) => isLinux(workload) && !hasUserNamespace(workload, options.minor),
    find: (workload) => [
      ...findInPod(workload),
      ...workload.containers
        .filter(({ raw }) => asObject(raw['securityContext'])['runAsGroup'] === 0)
        .map(({ name, path }) => ({
          message: `container "${name}" runs as the group root, which may read files of the node that are in a volume`,
          path: [...path, 'securityContext', 'runAsGroup'],
          evidence: 'runAsGroup is 0',
          container: name,
        })),
    ],
    fix: ({ object, specPath }, { path = [] }) =>
      offer(
        way(
          {
            id: 'remove-group',
            title: 'Do not ask for the group root',
            consequence:
              'files that only root and its group may read, as in images made for OpenShift, are closed to the program',
          },
          [removeWhole(object.raw, path, specPath)],
        ),
      ),
  },
);
