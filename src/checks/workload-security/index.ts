// The checks of the family workload-security, in the order of the report.

import type { Check } from '../check.ts';
import { capabilitiesAdded } from './capabilities-added.ts';
import { capabilitiesDangerous } from './capabilities-dangerous.ts';
import { capabilitiesNetRaw } from './capabilities-net-raw.ts';
import { capabilitiesNotDropped } from './capabilities-not-dropped.ts';
import { capabilitiesUnknown } from './capabilities-unknown.ts';
import { gidLow } from './gid-low.ts';
import { privilegeEscalation } from './privilege-escalation.ts';
import { privilegedContainer } from './privileged-container.ts';
import { rootGroup } from './root-group.ts';
import { rootfsWritable } from './rootfs-writable.ts';
import { runAsNonRoot } from './run-as-non-root.ts';
import { securityContextContradiction } from './security-context-contradiction.ts';
import { uidLow } from './uid-low.ts';
import { uidZero } from './uid-zero.ts';

export const workloadSecurityChecks: readonly Check[] = [
  securityContextContradiction,
  privilegedContainer,
  privilegeEscalation,
  runAsNonRoot,
  uidZero,
  uidLow,
  gidLow,
  rootGroup,
  rootfsWritable,
  capabilitiesNotDropped,
  capabilitiesDangerous,
  capabilitiesAdded,
  capabilitiesNetRaw,
  capabilitiesUnknown,
];
