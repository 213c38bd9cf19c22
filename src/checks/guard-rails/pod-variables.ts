// The names that rules over pods use: where each kind keeps its pod template, and what of it most rules ask for.

import type { RailOptions } from './guard-rail.ts';

/** `dyn`: the type of the object differs by kind, and a policy for several kinds would get a warning for each of them. */
const template = `request.kind.kind == 'Pod' ? dyn(object)
: request.kind.kind == 'PodTemplate' ? dyn(object).?template.orValue({})
: request.kind.kind == 'CronJob' ? dyn(object).spec.jobTemplate.spec.template
: dyn(object).?spec.?template.orValue({})`;

const variables: Readonly<Record<string, string>> = {
  template,
  spec: 'variables.template.?spec.orValue({})',
  podContext: 'variables.spec.?securityContext.orValue({})',
  annotations: 'variables.template.?metadata.?annotations.orValue({})',
  volumes: 'variables.spec.?volumes.orValue([])',
  main: 'variables.spec.?containers.orValue([])',
  started: 'variables.main + variables.spec.?initContainers.orValue([])',
  containers: 'variables.started + variables.spec.?ephemeralContainers.orValue([])',
  isLinux: `variables.spec.?os.?name.orValue(variables.spec.?nodeSelector[?'kubernetes.io/os'].orValue('linux')) != 'windows'`,
};

/** User namespaces are on by default from 1.33 (KEP-127). */
function userNamespace(minor: number): string {
  return minor >= 33 ? 'variables.spec.?hostUsers.orValue(true) == false' : 'false';
}

/** All there are, in the order in which they build on each other. */
export function podVariables({ minor }: RailOptions): Readonly<Record<string, string>> {
  return { ...variables, hasUserNamespace: userNamespace(minor) };
}
