// The shape of the checks on who is bound: a subject that should not be, whatever the role.

import type { CheckMeta, Severity } from '../../model/index.ts';
import { objectCheck, type ObjectCheck } from '../check.ts';
import {
  type Binding,
  bindingKinds,
  isBootstrapped,
  readBinding,
  type RoleName,
  type Subject,
} from '../../inventory/rights/bindings.ts';
import { offer, removeWhole, way } from '../fix.ts';

export interface SubjectFacts {
  readonly matches: (subject: Subject) => boolean;
  /** Roles that Kubernetes itself binds to these subjects, or that are made for them. */
  readonly harmlessRoles?: readonly string[];
  /** Ends the sentence `RoleBinding "x" binds Group "y" to Role "z": …`. */
  readonly consequence: string;
  readonly severity?: (subject: Subject, binding: Binding) => Severity | undefined;
}

function roleText({ kind, name }: RoleName): string {
  return `${kind} "${name}"`;
}

export function subjectCheck(meta: CheckMeta, facts: SubjectFacts): ObjectCheck {
  const { matches, harmlessRoles = [], consequence } = facts;
  return objectCheck(meta, {
    kinds: bindingKinds,
    applies: (object) => !isBootstrapped(object),
    find: (object) => {
      const binding = readBinding(object);
      if (harmlessRoles.includes(binding.role.name)) return undefined;
      return binding.subjects.filter(matches).map((subject) => {
        const severity = facts.severity?.(subject, binding);
        const { kind, name, index } = subject;
        return {
          ...(severity === undefined ? {} : { severity }),
          message: `${object.kind} "${object.name}" binds ${kind} "${name}" to ${roleText(binding.role)}: ${consequence}`,
          path: ['subjects', index, 'name'],
          evidence: `subjects[${index}] is ${kind} ${name}`,
        };
      });
    },
    fix: ({ raw }, { path = [] }) =>
      offer(
        way(
          {
            id: 'remove-subject',
            title: 'Take the rights away',
            consequence:
              'whoever has them by this binding alone is refused from then on: bind those who need them first',
          },
          [removeWhole(raw, path.slice(0, -1), [])],
        ),
      ),
  });
}
