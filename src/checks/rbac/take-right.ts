// Takes one right out of a rule and leaves the others as they are.

import { parseRules, type PolicyRule, type ResourceRequest } from '../../kube/rbac.ts';
import type { Edit, JsonObject, KubeObject, Path } from '../../model/index.ts';
import type { FixChoices } from '../check.ts';
import { asking, offer, way } from '../fix.ts';
import { nameOf } from '../questions.ts';

/** A rule cut in two: what the right is about, and the rest of its resources. */
interface Cut {
  readonly rule: PolicyRule;
  readonly path: Path;
  readonly verbs: readonly string[];
  readonly resources: readonly string[];
  readonly keptVerbs: readonly string[];
  readonly otherResources: readonly string[];
}

function cut(rule: PolicyRule, path: Path, asked: readonly ResourceRequest[]): Cut | undefined {
  const isAsked = (resource: string): boolean =>
    asked.some(
      (each) => resource === (each.subresource === undefined ? each.resource : `${each.resource}/${each.subresource}`),
    );
  const resources = rule.resources.filter(isAsked);
  const verbs = rule.verbs.filter((verb) => asked.some((each) => each.verb === verb));
  // Behind a wildcard stands more than this right: it must be written out first.
  if (
    resources.length === 0 ||
    verbs.length === 0 ||
    [...rule.verbs, ...rule.resources].some((each) => each.includes('*'))
  )
    return undefined;
  return {
    rule,
    path,
    verbs,
    resources,
    keptVerbs: rule.verbs.filter((verb) => !verbs.includes(verb)),
    otherResources: rule.resources.filter((resource) => !resources.includes(resource)),
  };
}

function ruleOf({ rule, resources }: Cut, verbs: readonly string[]): JsonObject {
  const names = rule.resourceNames.length === 0 ? {} : { resourceNames: rule.resourceNames };
  return { apiGroups: rule.apiGroups, resources, ...names, verbs };
}

function withoutRight(part: Cut): Edit[] {
  const { path, keptVerbs, otherResources } = part;
  if (otherResources.length === 0)
    return keptVerbs.length === 0
      ? [{ op: 'remove', path }]
      : [{ op: 'set', path: [...path, 'verbs'], value: keptVerbs }];
  const narrowed: Edit = { op: 'set', path: [...path, 'resources'], value: otherResources };
  return keptVerbs.length === 0
    ? [narrowed]
    : [narrowed, { op: 'add', path: ['rules'], values: [ruleOf(part, keptVerbs)] }];
}

/** Verbs that Kubernetes can hold to names. */
const nameable = ['get', 'update', 'patch', 'delete'];

function limitedTo(name: string, part: Cut): Edit[] {
  const { path, verbs, otherResources } = part;
  const limited = {
    ...ruleOf(
      part,
      verbs.filter((verb) => nameable.includes(verb)),
    ),
    resourceNames: [name],
  };
  if (otherResources.length === 0) return [{ op: 'set', path, value: limited }];
  return [
    { op: 'set', path: [...path, 'resources'], value: otherResources },
    { op: 'add', path: ['rules'], values: [limited] },
  ];
}

interface Right {
  readonly role: KubeObject;
  /** Of the rule. */
  readonly path: Path;
  readonly asked: readonly ResourceRequest[];
  /** True where a rule that is limited to a name is content. */
  readonly mayName: boolean;
}

/** Offers to take the right away, and where names can limit it, to leave it for one object. */
export function offerWithoutRight({ role, path, asked, mayName }: Right): FixChoices | undefined {
  const rule = parseRules(role.raw['rules'])[Number(path[1])];
  const part = rule === undefined ? undefined : cut(rule, path, asked);
  if (part === undefined) return undefined;
  const what = `${part.verbs.join(', ')} on ${part.resources.join(', ')}`;
  const canName =
    mayName &&
    part.rule.resourceNames.length === 0 &&
    part.keptVerbs.length === 0 &&
    part.verbs.some((verb) => nameable.includes(verb));
  return offer(
    way(
      {
        id: 'take-right',
        title: `Take ${what} out of the role`,
        consequence:
          'what its holders do by this right is refused from then on; the audit log of the cluster shows whether they do',
      },
      withoutRight(part),
    ),
    canName
      ? asking(
          {
            id: 'name-object',
            title: 'Leave it for one object by its name',
            consequence: 'other objects are closed to its holders, and lists of them too, as names cannot limit those',
          },
          nameOf(`object of ${part.resources.join(', ')}`, 'shop-settings'),
          (answer) => limitedTo(answer, part),
        )
      : undefined,
  );
}
