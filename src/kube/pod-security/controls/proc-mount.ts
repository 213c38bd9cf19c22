// How /proc is mounted: with the runtime's masks, unless root in the pod is nobody on the node.

import { type Control, except, inUserNamespace } from '../control.ts';
import { findProcMounts } from '../proc-mounts.ts';

export const procMount: Control = {
  id: 'procMount',
  title: 'Containers keep the masks over /proc',
  level: 'baseline',
  revisions: [
    { since: 0, find: findProcMounts },
    { since: 35, find: except(inUserNamespace, findProcMounts) },
  ],
};
