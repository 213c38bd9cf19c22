// Finds containers that run as a user number which nodes give to their own accounts.

import { compromiseMeta } from './compromise-meta.ts';
import { lowIdCheck } from './low-id.ts';

export const uidLow = lowIdCheck(
  compromiseMeta({
    id: 'uid-low',
    title: 'User numbers of containers are no accounts of the node',
    severity: 'low',
    references: [],
    remediation: 'Choose a runAsUser of 10000 or more, and give its files to that user in the image.',
    minutes: 15,
  }),
  'runAsUser',
);
