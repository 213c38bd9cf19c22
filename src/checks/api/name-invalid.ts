// Finds names that the API server refuses.

import { dns1035LabelProblem, dns1123LabelProblem, dns1123SubdomainProblem } from '../../kube/names.ts';
import { asObject, type KubeObject } from '../../model/index.ts';
import { objectCheck } from '../check.ts';

/**
 * Roles and bindings may have any name that fits into a path; an APIService is called VERSION.GROUP, and the core group's ends with the dot.
 * Source: validation of rbac.authorization.k8s.io and apiregistration.k8s.io.
 */
function problemOf({ group, kind, name }: KubeObject): string | undefined {
  if (group === 'rbac.authorization.k8s.io')
    return /[/%]|^\.{1,2}$/.test(name) ? 'may not contain "/" or "%"' : undefined;
  if (kind === 'APIService' && group === 'apiregistration.k8s.io')
    return dns1123SubdomainProblem(name.endsWith('.') ? name.slice(0, -1) : name);
  if (group === '' && kind === 'Service') return dns1035LabelProblem(name);
  if (group === '' && kind === 'Namespace') return dns1123LabelProblem(name);
  return dns1123SubdomainProblem(name);
}

export const nameInvalid = objectCheck(
  {
    id: 'name-invalid',
    family: 'api',
    title: 'Names follow the rules of Kubernetes',
    leg: 'deployment',
    level: 1,
    owner: 'developer',
    severity: 'high',
    references: [{ framework: 'Kubernetes', id: 'Object names' }],
    remediation: 'Use lower-case letters, digits and dashes.',
    minutes: 5,
  },
  {
    kinds: ['*'],
    applies: ({ name, raw }) => name !== '' && asObject(raw['metadata'])['name'] !== undefined,
    find: (object) => {
      const problem = problemOf(object);
      if (problem === undefined) return undefined;
      return {
        message: `${object.kind} cannot be named "${object.name}": the API server refuses it`,
        path: ['metadata', 'name'],
        evidence: problem,
      };
    },
  },
);
