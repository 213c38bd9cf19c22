// The checks of this family that an API server can hold to, in CEL. What a secret looks like is left out: it needs more than an expression.

import { celList, celText, containerRail, type GuardRail } from '../guard-rails/guard-rail.ts';
import { cloudKeyVariables, ownEndpoint } from './static-cloud-keys.ts';

export const secretsRails: readonly GuardRail[] = [
  containerRail(
    'secret-as-env',
    '!container.?env.orValue([]).exists(entry, has(entry.valueFrom) && has(entry.valueFrom.secretKeyRef)) && !container.?envFrom.orValue([]).exists(entry, has(entry.secretRef))',
  ),
  containerRail(
    'cloud-key-static',
    `container.?env.orValue([]).exists(entry, entry.name.matches(${celText(ownEndpoint.source)})) || !container.?env.orValue([]).exists(entry, entry.name in ${celList(Object.keys(cloudKeyVariables))})`,
  ),
];
