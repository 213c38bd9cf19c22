// The checks of this family that an API server can hold to, in CEL.

import { type GuardRail, workloadRail } from '../guard-rails/guard-rail.ts';

const policy = 'dyn(object).spec.?persistentVolumeClaimRetentionPolicy';

export const storageRails: readonly GuardRail[] = [
  workloadRail(
    'statefulset-deletes-claims',
    ['StatefulSet'],
    `${policy}.?whenDeleted.orValue('Retain') != 'Delete' && ${policy}.?whenScaled.orValue('Retain') != 'Delete'`,
  ),
];
