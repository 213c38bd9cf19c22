// Answers to questions about rights and identities: access reviews and their like. Source: authorization.k8s.io/v1, authentication.k8s.io/v1.

import { asArray, asObject, asString, isJsonObject, type Json, type JsonObject } from '../../model/index.ts';
import type { Kernel, User } from '../kernel.ts';
import { compact, specOf } from '../objects/edit.ts';
import { badRequest, invalid } from '../status-error.ts';
import { invalidValue } from '../validation/causes.ts';
import { decideResource, decideUrl } from './authorize.ts';
import { rulesOf } from './rules-of.ts';
import type { Tokens } from './users.ts';

function text(value: Json | undefined): string {
  return asString(value) ?? '';
}

function access(kernel: Kernel, kind: string, user: User, spec: JsonObject): JsonObject {
  const { resourceAttributes, nonResourceAttributes } = spec;
  if (isJsonObject(resourceAttributes) === isJsonObject(nonResourceAttributes)) {
    const why = 'exactly one of nonResourceAttributes or resourceAttributes must be specified';
    throw invalid({ group: 'authorization.k8s.io', kind }, '', [
      invalidValue(['spec', 'resourceAttributes'], resourceAttributes, why),
    ]);
  }
  const asked = asObject(resourceAttributes ?? nonResourceAttributes);
  const verb = text(asked['verb']);
  const decision = isJsonObject(nonResourceAttributes)
    ? decideUrl(kernel, user, verb, text(asked['path']))
    : decideResource(kernel, user, {
        verb,
        group: text(asked['group']),
        resource: text(asked['resource']),
        subresource: text(asked['subresource']),
        namespace: text(asked['namespace']),
        name: text(asked['name']),
      });
  return compact({ allowed: decision.allowed, reason: decision.reason === '' ? undefined : decision.reason });
}

function listOrNothing(list: readonly string[]): Json | undefined {
  return list.length === 0 ? undefined : list;
}

const unlimited = {
  resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
  nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
};

function rules(kernel: Kernel, user: User, spec: JsonObject): JsonObject {
  const namespace = text(spec['namespace']);
  if (namespace === '') throw badRequest('no namespace on request');
  if (user.groups.includes('system:masters')) return { ...unlimited, incomplete: false };
  const granted = rulesOf(kernel, user, namespace).map(({ rule }) => rule);
  const resourceRules = granted
    .filter(({ resources }) => resources.length > 0)
    .map(({ verbs, apiGroups, resources, resourceNames }) =>
      compact({ verbs, apiGroups, resources, resourceNames: listOrNothing(resourceNames) }),
    );
  const nonResourceRules = granted
    .filter(({ nonResourceURLs }) => nonResourceURLs.length > 0)
    .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs }));
  return { resourceRules, nonResourceRules, incomplete: false };
}

function userInfo({ name, uid, groups, extra }: User): JsonObject {
  const hasExtra = extra !== undefined && Object.keys(extra).length > 0;
  return compact({ username: name, uid, groups, extra: hasExtra ? extra : undefined });
}

function otherUser(spec: JsonObject): User {
  const groups = asArray(spec['groups']).filter((each) => typeof each === 'string');
  return { name: text(spec['user']), groups };
}

interface Asked {
  readonly kernel: Kernel;
  readonly tokens: Tokens;
  readonly user: User;
  readonly kind: string;
  readonly raw: JsonObject;
}

function statusFor({ kernel, tokens, user, kind, raw }: Asked): JsonObject {
  const spec = specOf(raw);
  switch (kind) {
    case 'SelfSubjectAccessReview':
      return access(kernel, kind, user, spec);
    case 'SelfSubjectRulesReview':
      return rules(kernel, user, spec);
    case 'SelfSubjectReview':
      return { userInfo: userInfo(user) };
    case 'TokenReview': {
      const found = tokens.find(text(spec['token']));
      if (found === undefined) return { user: {}, error: 'invalid bearer token' };
      return { authenticated: true, user: userInfo(found) };
    }
    default:
      return access(kernel, kind, otherUser(spec), spec);
  }
}

/** The review with its answer; `undefined` for a kind that is no review. */
export function answerReview(asked: Asked): JsonObject | undefined {
  if (!asked.kind.endsWith('Review')) return undefined;
  return { ...asked.raw, metadata: {}, status: statusFor(asked) };
}
