// The Pod Security Standards as checks: one for each control of a profile, over the pod template of every object.

import type { Inventory } from '../../inventory/index.ts';
import {
  parsePodSecurityProfile,
  type PodSecurityProfile,
  type PodSecurityRule,
} from '../../kube/pod-security/index.ts';
import { newestPodSecurityMinor, podSecurityRules, viewOf } from '../../kube/pod-security/index.ts';
import { podTemplatePath } from '../../kube/pod-template.ts';
import {
  asObject,
  type CheckMeta,
  type Diagnostic,
  isJsonObject,
  type KubeObject,
  type Path,
  toText,
  UserError,
  valueAt,
} from '../../model/index.ts';
import { type Check, objectCheck } from '../check.ts';
import { remediations } from './remediations.ts';

function kebab(id: string): string {
  return id.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).replaceAll('_', '-');
}

function metaOf({ control }: PodSecurityRule): CheckMeta {
  return {
    id: `pod-security-${kebab(control.id)}`,
    family: 'pod-security',
    title: control.title,
    leg: 'security',
    level: 4,
    owner: 'developer',
    severity: control.level === 'baseline' ? 'high' : 'medium',
    references: [{ framework: 'PSS', id: control.level }],
    remediation: remediations[control.id] ?? 'Change the field to a value that the profile admits.',
    minutes: 10,
  };
}

/** Where an object keeps a pod: also one whose owner is in the input, because admission judges each. */
function templatePathOf(object: KubeObject, inventory: Inventory): Path | undefined {
  const path = inventory.workloadOf(object)?.templatePath ?? podTemplatePath(object.group, object.kind);
  return path !== undefined && isJsonObject(valueAt(object.raw, [...path, 'spec'])) ? path : undefined;
}

function findBreaches(rule: PodSecurityRule, object: KubeObject, templatePath: Path): Diagnostic[] {
  const template = asObject(valueAt(object.raw, templatePath));
  const view = viewOf({ metadata: asObject(template['metadata']), spec: asObject(template['spec']) });
  return rule.find(view).map(({ message, path, container }) => {
    const value = valueAt(template, path);
    return {
      message,
      path: [...templatePath, ...path],
      evidence:
        isJsonObject(value) || Array.isArray(value)
          ? `judged at ${path.join('.')}`
          : `${path.join('.')} is ${toText(value)}`,
      ...(container === undefined ? {} : { container }),
    };
  });
}

function controlCheck(rule: PodSecurityRule): Check {
  return objectCheck(metaOf(rule), {
    kinds: ['*'],
    applies: (object, { inventory }) => templatePathOf(object, inventory) !== undefined,
    find: (object, { inventory }) => {
      const templatePath = templatePathOf(object, inventory);
      return templatePath === undefined ? undefined : findBreaches(rule, object, templatePath);
    },
  });
}

/** One check for each control in force at the profile's level and policy version. */
export function podSecurityChecks({ level, minor }: PodSecurityProfile): Check[] {
  return podSecurityRules(level, minor).map(controlCheck);
}

/**
 * The checks of a profile as a user writes it: `pod-security/restricted@v1.34`.
 * Throws a UserError `unknown-profile` for any other text.
 */
export function checksOfProfile(text: string): Check[] {
  const profile = parsePodSecurityProfile(text);
  if (profile !== undefined) return podSecurityChecks(profile);
  throw new UserError(
    'unknown-profile',
    `There is no profile "${text}".`,
    `Use pod-security/baseline or pod-security/restricted, followed by nothing, @latest or a version from @v1.0 to @v1.${newestPodSecurityMinor}.`,
  );
}
