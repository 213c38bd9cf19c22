// Finds accounts that were copied from a cluster together with the name of their old, everlasting token.

import { asArray, asObject, asString } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { rbacMeta } from './rbac-meta.ts';

/** What the token controller appended up to Kubernetes 1.23: five letters without vowels and look-alikes. */
const suffix = /^-token-[bcdfghjklmnpqrstvwxz2456789]{5}$/;

export const tokenSecretListed = objectCheck(
  rbacMeta({
    id: 'token-secret-listed',
    title: 'Accounts do not list tokens of another time',
    level: 2,
    severity: 'low',
    references: [],
    remediation: 'Remove the entry from secrets, and delete the token Secret in the clusters that still have it.',
    minutes: 10,
  }),
  {
    kinds: ['/ServiceAccount'],
    applies: (_, { options }) => options.minor >= 24,
    find: ({ name, namespace, raw }, { inventory }) =>
      asArray(raw['secrets']).flatMap((item, index) => {
        const secret = asString(asObject(item)['name']) ?? '';
        if (!secret.startsWith(name) || !suffix.test(secret.slice(name.length))) return [];
        // One that is in the input is told by long-lived-token-secret.
        if (inventory.find({ group: '', kind: 'Secret', namespace, name: secret }) !== undefined) return [];
        return {
          message: `ServiceAccount "${name}" lists token Secret "${secret}" of an older cluster: since Kubernetes 1.24 none is made, and one that is left there never expires`,
          path: ['secrets', index, 'name'],
          evidence: `secrets[${index}].name is ${secret}`,
        };
      }),
  },
);
