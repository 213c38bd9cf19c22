import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isUnlimited, parseRules, type ResourceRequest, resourceText, ruleAllows, ruleAllowsUrl } from './rbac.ts';

function rule(fields: Record<string, string[]>) {
  return parseRules([fields])[0]!;
}

function allows(fields: Record<string, string[]>, request: Partial<ResourceRequest>): boolean {
  return ruleAllows(rule(fields), { verb: 'get', group: '', resource: 'pods', ...request });
}

const pods = { verbs: ['get'], apiGroups: [''], resources: ['pods'] };

describe('a rule', () => {
  it('allows exactly its verbs, groups and resources', () => {
    expect(allows(pods, {})).toBe(true);
    expect(allows(pods, { verb: 'list' })).toBe(false);
    expect(allows(pods, { group: 'apps' })).toBe(false);
    expect(allows(pods, { resource: 'secrets' })).toBe(false);
  });

  it('allows nothing where a list is left out', () => {
    expect(allows({ verbs: ['*'], resources: ['*'] }, {})).toBe(false);
    expect(allows({ apiGroups: ['*'], resources: ['*'] }, {})).toBe(false);
    expect(allows({ verbs: ['*'], apiGroups: ['*'] }, {})).toBe(false);
  });

  it('reads a star only as a whole word', () => {
    expect(allows({ ...pods, verbs: ['*'] }, { verb: 'escalate' })).toBe(true);
    expect(allows({ ...pods, apiGroups: ['*'] }, { group: 'example.com' })).toBe(true);
    expect(allows({ ...pods, apiGroups: ['*.example.com'] }, { group: 'a.example.com' })).toBe(false);
    expect(allows({ ...pods, resources: ['po*'] }, {})).toBe(false);
    expect(allows({ ...pods, verbs: ['g*'] }, {})).toBe(false);
  });

  it('keeps a resource and its subresources apart', () => {
    expect(allows(pods, { subresource: 'log' })).toBe(false);
    expect(allows({ ...pods, resources: ['pods/log'] }, {})).toBe(false);
    expect(allows({ ...pods, resources: ['pods/log'] }, { subresource: 'log' })).toBe(true);
    expect(allows({ ...pods, resources: ['pods/*'] }, { subresource: 'log' })).toBe(false);
    expect(allows({ ...pods, resources: ['pods/*'] }, {})).toBe(false);
    expect(allows({ ...pods, resources: ['*/log'] }, { subresource: 'log' })).toBe(true);
    expect(allows({ ...pods, resources: ['*/log'] }, { subresource: 'logs' })).toBe(false);
    expect(allows({ ...pods, resources: ['*/log'] }, {})).toBe(false);
    expect(allows({ ...pods, resources: ['*'] }, { subresource: 'log' })).toBe(true);
    expect(allows({ ...pods, resources: ['*/*'] }, { subresource: 'log' })).toBe(false);
  });

  it('with names allows only requests that name one of them', () => {
    const named = { ...pods, resourceNames: ['web'] };
    expect(allows(named, { name: 'web' })).toBe(true);
    expect(allows(named, { name: 'api' })).toBe(false);
    expect(allows(named, {})).toBe(false);
    expect(allows({ ...pods, resourceNames: ['*'] }, { name: 'web' })).toBe(false);
  });

  it('matches paths that are no resources by whole path or prefix', () => {
    const urls = (nonResourceURLs: string[]) => rule({ verbs: ['get'], nonResourceURLs });
    expect(ruleAllowsUrl(urls(['/metrics']), 'get', '/metrics')).toBe(true);
    expect(ruleAllowsUrl(urls(['/metrics']), 'post', '/metrics')).toBe(false);
    expect(ruleAllowsUrl(urls(['/metrics']), 'get', '/metrics/a')).toBe(false);
    expect(ruleAllowsUrl(urls(['/metrics/*']), 'get', '/metrics/a/b')).toBe(true);
    expect(ruleAllowsUrl(urls(['/metrics/*']), 'get', '/metrics')).toBe(false);
    expect(ruleAllowsUrl(urls(['/met**']), 'get', '/metrics')).toBe(true);
    expect(ruleAllowsUrl(urls(['/*/a']), 'get', '/b/a')).toBe(false);
    expect(ruleAllowsUrl(urls(['*']), 'get', '/anything')).toBe(true);
    expect(ruleAllowsUrl(rule(pods), 'get', '/api')).toBe(false);
  });

  it('is read from anything without failing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const rules = parseRules(value as never);
        const request = { verb: 'get', group: '', resource: 'pods' };
        for (const each of rules) expect(typeof ruleAllows(each, request)).toBe('boolean');
      }),
    );
    expect(parseRules([{ verbs: ['get', 1, null], apiGroups: 'x' }])).toEqual([
      { verbs: ['get'], apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: [] },
    ]);
  });
});

describe('an unlimited rule', () => {
  it('has a star in verbs, groups and resources, and no names', () => {
    const all = { verbs: ['*'], apiGroups: ['*'], resources: ['*'] };
    expect(isUnlimited(rule(all))).toBe(true);
    for (const field of Object.keys(all)) expect(isUnlimited(rule({ ...all, [field]: ['get'] }))).toBe(false);
    expect(isUnlimited(rule({ ...all, resourceNames: ['web'] }))).toBe(false);
  });
});

it('writes a resource as kubectl does', () => {
  expect(resourceText({ group: 'apps', resource: 'deployments', subresource: 'scale' })).toBe('deployments.apps/scale');
  expect(resourceText({ group: '', resource: 'pods' })).toBe('pods');
});
