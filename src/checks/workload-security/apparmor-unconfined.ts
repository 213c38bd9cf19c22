// Finds containers that turn AppArmor off, by field or by annotation.

import type { Workload } from '../../inventory/index.ts';
import type { PodContainer } from '../../kube/pod-template.ts';
import { asObject, type Diagnostic, type Path } from '../../model/index.ts';
import { containerCheck } from '../check.ts';
import { compromiseMeta } from './compromise-meta.ts';
import { isLinux, settingOf } from './security-context.ts';
import { offerDefaultProfile } from './default-profile.ts';

const annotationPrefix = 'container.apparmor.security.beta.kubernetes.io/';

/** Where AppArmor is turned off. The field counts from Kubernetes 1.30 and wins over the annotation (KEP-24). */
function findUnconfined(container: PodContainer, workload: Workload, minor: number): Path | undefined {
  const { value, path } = settingOf(container, workload, 'appArmorProfile');
  if (minor >= 30 && value !== undefined)
    return asObject(value)['type'] === 'Unconfined' ? [...path, 'type'] : undefined;
  const key = annotationPrefix + container.name;
  const isOff = workload.annotations[key] === 'unconfined';
  return isOff ? [...workload.templatePath, 'metadata', 'annotations', key] : undefined;
}

export const apparmorUnconfined = containerCheck(
  compromiseMeta({
    id: 'apparmor-unconfined',
    title: 'No container turns AppArmor off',
    severity: 'medium',
    references: [{ framework: 'PSS', id: 'baseline' }],
    remediation: 'Remove the setting, or name RuntimeDefault or a profile of your own.',
    minutes: 15,
  }),
  {
    applies: (_container, workload) => isLinux(workload),
    find: (container, workload, { options }): Diagnostic | undefined => {
      const path = findUnconfined(container, workload, options.minor);
      if (path === undefined) return undefined;
      return {
        message: `container "${container.name}" runs without AppArmor, also on nodes that would confine it`,
        path,
        evidence: 'the AppArmor profile is unconfined',
      };
    },
    fix: offerDefaultProfile('what the default profile of the node forbids, such as mounts, is refused'),
  },
);
