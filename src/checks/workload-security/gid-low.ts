// Finds containers that run as a group number which nodes give to their own groups.

import { compromiseMeta } from './compromise-meta.ts';
import { lowIdCheck } from './low-id.ts';

export const gidLow = lowIdCheck(
  compromiseMeta({
    id: 'gid-low',
    title: 'Group numbers of containers are no groups of the node',
    severity: 'low',
    references: [],
    remediation: 'Choose a runAsGroup of 10000 or more, and give its files to that group in the image.',
    minutes: 15,
  }),
  'runAsGroup',
);
