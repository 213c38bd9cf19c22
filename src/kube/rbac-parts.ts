// A rule in its smallest parts, and whether other rules cover a part: for comparing what two sets of rules give.

import { type PolicyRule, ruleAllows, ruleAllowsUrl } from './rbac.ts';

/** One verb on one resource (of one name, or of any), or on one path that is no resource. `*` stays `*`. */
export function partsOf(rule: PolicyRule): PolicyRule[] {
  const names = rule.resourceNames.length === 0 ? [[]] : rule.resourceNames.map((name) => [name]);
  const resources = rule.verbs.flatMap((verb) =>
    rule.apiGroups.flatMap((group) =>
      rule.resources.flatMap((resource) =>
        names.map((resourceNames) => ({
          verbs: [verb],
          apiGroups: [group],
          resources: [resource],
          resourceNames,
          nonResourceURLs: [],
        })),
      ),
    ),
  );
  const urls = rule.verbs.flatMap((verb) =>
    rule.nonResourceURLs.map((url) => ({
      verbs: [verb],
      apiGroups: [],
      resources: [],
      resourceNames: [],
      nonResourceURLs: [url],
    })),
  );
  return [...resources, ...urls];
}

/** Whether rules give all that a part gives. Source: `Covers` of the API server's escalation check. */
export function coversPart(rules: readonly PolicyRule[], part: PolicyRule): boolean {
  const [verb = ''] = part.verbs;
  const [url] = part.nonResourceURLs;
  if (url !== undefined) return rules.some((rule) => ruleAllowsUrl(rule, verb, url));
  const [path = ''] = part.resources;
  const [resource = '', subresource] = path.split('/');
  const [group = ''] = part.apiGroups;
  const [name] = part.resourceNames;
  const request = {
    verb,
    group,
    resource,
    ...(subresource === undefined ? {} : { subresource }),
    ...(name === undefined ? {} : { name }),
  };
  return rules.some((rule) => ruleAllows(rule, request));
}
