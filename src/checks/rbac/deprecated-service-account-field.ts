// Finds pods that name their account in the old field, or two accounts.

import { asString } from '../../model/index.ts';
import { workloadCheck } from '../check.ts';
import { rbacMeta } from './rbac-meta.ts';

export const deprecatedServiceAccountField = workloadCheck(
  rbacMeta({
    id: 'deprecated-service-account-field',
    title: 'Pods name their account once, in serviceAccountName',
    level: 2,
    severity: 'low',
    references: [],
    remediation: 'Keep serviceAccountName and remove serviceAccount.',
    minutes: 2,
  }),
  {
    find: ({ object, spec, specPath }) => {
      const [old, present] = [asString(spec['serviceAccount']), asString(spec['serviceAccountName'])];
      if (!old || old === present) return undefined;
      const path = [...specPath, 'serviceAccount'];
      const who = `${object.kind} "${object.name}"`;
      if (!present)
        return {
          message: `${who} names its account in the deprecated field serviceAccount, which tools and policies do not look at`,
          path,
          evidence: `serviceAccount is ${old}; serviceAccountName is not set`,
        };
      return {
        severity: 'medium',
        message: `${who} names two accounts: its pods run as "${present}", never as "${old}"`,
        path,
        evidence: `serviceAccount is ${old}; serviceAccountName is ${present}`,
      };
    },
    fix: ({ spec, specPath }, { path = [] }) => [
      { op: 'remove', path },
      {
        op: 'set',
        path: [...specPath, 'serviceAccountName'],
        value: spec['serviceAccountName'] || spec['serviceAccount'] || 'default',
      },
    ],
  },
);
