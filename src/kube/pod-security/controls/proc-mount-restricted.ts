// How /proc is mounted at the restricted level: a user namespace is no reason to drop the masks.

import type { Control } from '../control.ts';
import { findProcMounts } from '../proc-mounts.ts';

export const procMountRestricted: Control = {
  id: 'procMount_restricted',
  title: 'Containers keep the masks over /proc',
  level: 'restricted',
  replaces: 'procMount',
  revisions: [{ since: 35, find: findProcMounts }],
};
