// The checks of the family secrets, in the order of the report.

import type { Check } from '../check.ts';
import { cloudIdentityIncomplete } from './cloud-identity-incomplete.ts';
import { cloudKeyStatic } from './cloud-key-static.ts';
import { secretAsEnv } from './secret-as-env.ts';
import { secretInAnnotation } from './secret-in-annotation.ts';
import { secretInArgs } from './secret-in-args.ts';
import { secretInConfigmap } from './secret-in-configmap.ts';
import { secretInEnv } from './secret-in-env.ts';
import { secretInManifest } from './secret-in-manifest.ts';
import { secretReused } from './secret-reused.ts';
import { secretTypeMismatch } from './secret-type-mismatch.ts';
import { secretUnused } from './secret-unused.ts';

export const secretsChecks: readonly Check[] = [
  secretInEnv,
  secretInArgs,
  secretInConfigmap,
  secretInAnnotation,
  secretInManifest,
  secretAsEnv,
  secretReused,
  cloudKeyStatic,
  cloudIdentityIncomplete,
  secretTypeMismatch,
  secretUnused,
];
