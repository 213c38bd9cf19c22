// Finds secrets in annotations and labels.

import { asObject, asString } from '../../model/index.ts';
import { findSecretText } from './find-secret-text.ts';
import { objectCheck } from '../check.ts';
import { offer, removeWhole, way } from '../fix.ts';

/** Copies of whole objects that tools leave; their content is judged where it belongs. */
const copies = /last-applied-configuration$/;

export const secretInAnnotation = objectCheck(
  {
    id: 'secret-in-annotation',
    family: 'secrets',
    title: 'No secret stands in an annotation',
    leg: 'security',
    level: 4,
    owner: 'developer',
    severity: 'high',
    references: [
      { framework: 'CIS', id: '5.4.1' },
      { framework: 'OWASP', id: 'K08' },
    ],
    remediation: 'Remove the annotation and change the secret.',
    minutes: 10,
  },
  {
    kinds: ['*'],
    find: ({ kind, name, raw }) =>
      Object.entries(asObject(asObject(raw['metadata'])['annotations'])).flatMap(([key, value]) => {
        const found = copies.test(key)
          ? undefined
          : findSecretText(key.slice(key.indexOf('/') + 1), asString(value) ?? '');
        if (found === undefined) return [];
        return {
          message: `annotation "${key}" of ${kind} "${name}" holds ${found.kind}`,
          path: ['metadata', 'annotations', key],
          evidence: 'recognised by its name or form; the value is not shown',
        };
      }),
    fix: ({ raw }, { path = [] }) =>
      offer(
        way(
          {
            id: 'remove-annotation',
            title: 'Remove the annotation',
            consequence:
              'what reads it there does not find it any more; the value must be changed all the same, as it has been seen',
          },
          [removeWhole(raw, path, ['metadata'])],
        ),
      ),
  },
);
