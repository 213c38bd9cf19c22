import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ApiRequest } from './api-request.ts';
import { findRefusal, renderMissingRule } from './missing-rule.ts';
import { describeRequest } from './request-info.ts';
import { backoff, decideRetry, parseRetryAfter } from './retry.ts';

describe('what a request means to the authorizer', () => {
  const cases: [string, ApiRequest, object][] = [
    [
      'get',
      { path: '/api/v1/namespaces/shop/pods/web' },
      { group: '', version: 'v1', resource: 'pods', namespace: 'shop', name: 'web' },
    ],
    ['list', { path: '/apis/apps/v1/deployments' }, { group: 'apps', resource: 'deployments' }],
    ['watch', { path: '/api/v1/pods', query: { watch: true } }, { resource: 'pods' }],
    ['list', { path: '/api/v1/pods', query: { fieldSelector: 'metadata.name=a' } }, { resource: 'pods', name: 'a' }],
    [
      'create',
      { method: 'POST', path: '/api/v1/namespaces/shop/pods/web/exec' },
      { resource: 'pods/exec', name: 'web' },
    ],
    ['deletecollection', { method: 'DELETE', path: '/api/v1/namespaces/shop/pods' }, { resource: 'pods' }],
    [
      'delete',
      { method: 'DELETE', path: '/api/v1/namespaces/shop' },
      { resource: 'namespaces', namespace: 'shop', name: 'shop' },
    ],
    [
      'update',
      { method: 'PUT', path: '/api/v1/namespaces/shop/finalize' },
      { resource: 'namespaces/finalize', name: 'shop' },
    ],
    ['get', { path: '/apis/apps/v1' }, { kind: 'path', path: '/apis/apps/v1' }],
    ['get', { path: '/metrics' }, { kind: 'path', path: '/metrics' }],
    ['get', { path: '/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Anode' }, { name: 'system:node' }],
  ];
  it.each(cases)('%s: %j', (verb, request, info) => {
    expect(describeRequest(request)).toMatchObject({ verb, ...info });
  });
});

describe('the smallest rule', () => {
  function ruleFor(message: string, request: ApiRequest) {
    const found = findRefusal(message, request);
    return found && { user: found.user, ...found.rule };
  }

  it('takes verb, group, resource and namespace from the message, the name from the request', () => {
    const message =
      'secrets "a" is forbidden: User "system:serviceaccount:x:y" cannot get resource "secrets" in API group "" in the namespace "x"';
    expect(ruleFor(message, { path: '/api/v1/namespaces/x/secrets/a' })).toEqual({
      user: 'system:serviceaccount:x:y',
      verbs: ['get'],
      apiGroups: [''],
      resources: ['secrets'],
      resourceNames: ['a'],
      namespace: 'x',
    });
  });

  it('names no object where it is to be created, but may for a subresource', () => {
    const create = 'User "a" cannot create resource "pods" in API group "" in the namespace "x"';
    expect(ruleFor(create, { method: 'POST', path: '/api/v1/namespaces/x/pods' })).not.toHaveProperty('resourceNames');
    const exec = 'User "a" cannot create resource "pods/exec" in API group "" in the namespace "x"';
    expect(ruleFor(exec, { method: 'POST', path: '/api/v1/namespaces/x/pods/web/exec' })?.resourceNames).toEqual([
      'web',
    ]);
  });

  it('for another resource than the one asked for is not narrowed to its name', () => {
    const message = 'User "a" cannot impersonate resource "users" in API group "" at the cluster scope';
    expect(ruleFor(message, { path: '/api/v1/namespaces/x/pods/web' })).toEqual({
      user: 'a',
      verbs: ['impersonate'],
      apiGroups: [''],
      resources: ['users'],
    });
  });

  it('may be a path', () => {
    const found = findRefusal('forbidden: User "a" cannot get path "/metrics"', { path: '/metrics' });
    expect(found?.rule).toEqual({ verbs: ['get'], nonResourceURLs: ['/metrics'] });
    expect(renderMissingRule(found!.rule)).toBe('get the path /metrics');
  });

  it('is not made up from other refusals', () => {
    expect(findRefusal('exceeded quota: x', { path: '/api/v1/pods' })).toBeUndefined();
  });

  it('reads well', () => {
    const rule = { verbs: ['list'], apiGroups: [''], resources: ['pods'] };
    expect(renderMissingRule(rule)).toBe('list pods (API group core) in the whole cluster');
  });
});

describe('tries', () => {
  const rules = { repeatable: true, patient: true };

  it('wait longer each time, up to a limit, spread by chance', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1000 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (tries, random) => {
          const wait = backoff(tries, random);
          const full = Math.min(30_000, 250 * 2 ** Math.min(tries - 1, 30));
          expect(wait).toBeGreaterThanOrEqual(full / 2);
          expect(wait).toBeLessThan(full);
        },
      ),
    );
  });

  it('never come before the time the server asked for', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 1, max: 9 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (retryAfter, tries, random) => {
          expect(decideRetry(tries, { status: 429, retryAfter }, rules, random)).toBeGreaterThanOrEqual(
            retryAfter * 1000,
          );
        },
      ),
    );
  });

  it.each([
    [{ status: 404, retryAfter: undefined }, rules, false],
    [{ status: 500, retryAfter: undefined }, rules, false],
    [{ status: 500, retryAfter: 1 }, rules, true],
    [{ status: 500, retryAfter: 1 }, { ...rules, repeatable: false }, false],
    [{ status: 503, retryAfter: 1 }, { ...rules, repeatable: false }, true],
    [{ status: 504, retryAfter: undefined }, { ...rules, repeatable: false }, false],
    [{ error: Object.assign(new Error('x'), { code: 'ECONNRESET' }) }, rules, true],
    [{ error: Object.assign(new Error('x'), { code: 'ECONNRESET' }) }, { ...rules, repeatable: false }, false],
    [{ error: Object.assign(new Error('x'), { code: 'ECONNREFUSED' }) }, rules, false],
  ])('after %j with %j: %s', (outcome, given, again) => {
    expect(decideRetry(1, outcome, given, 0) !== undefined).toBe(again);
  });

  it('read whole seconds only', () => {
    expect([
      parseRetryAfter('7'),
      parseRetryAfter(' 7 '),
      parseRetryAfter('Wed, 21 Oct'),
      parseRetryAfter(undefined),
    ]).toEqual([7, 7, undefined, undefined]);
  });
});
