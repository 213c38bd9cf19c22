// The checks of this family that an API server can hold to, in CEL. What a secret looks like is left out: it needs more than an expression.

import { containerRail, type GuardRail } from '../guard-rails/guard-rail.ts';

export const secretsRails: readonly GuardRail[] = [
  containerRail(
    'secret-as-env',
    '!container.?env.orValue([]).exists(entry, has(entry.valueFrom) && has(entry.valueFrom.secretKeyRef)) && !container.?envFrom.orValue([]).exists(entry, has(entry.secretRef))',
  ),
];
