// Asks the API server what we may do: SelfSubjectAccessReview for one thing, SelfSubjectRulesReview for a namespace. Nothing is stored.

import { type PolicyRule, parseRules } from '../../kube/rbac.ts';
import { asArray, asObject, asString, type JsonObject } from '../../model/index.ts';
import type { ApiClient } from '../http/client.ts';
import { present } from '../present.ts';

/** One thing to ask for. */
export type AccessQuestion =
  | {
      readonly verb: string;
      /** '' for the core group. */
      readonly group: string;
      readonly resource: string;
      readonly subresource?: string;
      /** Left out: in all namespaces, or cluster-scoped. */
      readonly namespace?: string;
      readonly name?: string;
    }
  | { readonly verb: string; readonly path: string };

export interface AccessAnswer {
  readonly allowed: boolean;
  /** The authorizer's words, as `RBAC: allowed by …`; '' where it gives none. */
  readonly reason: string;
}

function specOf(question: AccessQuestion): JsonObject {
  if ('path' in question) return { nonResourceAttributes: { verb: question.verb, path: question.path } };
  const { subresource, namespace, name, ...rest } = question;
  return { resourceAttributes: { ...rest, ...present<JsonObject>({ subresource, namespace, name }) } };
}

function readAnswer(review: JsonObject): AccessAnswer {
  const status = asObject(review['status']);
  return {
    allowed: status['allowed'] === true,
    reason: asString(status['reason']) ?? asString(status['evaluationError']) ?? '',
  };
}

/** Whether we may do it. Every authenticated user may ask. */
export async function reviewAccess(
  client: ApiClient,
  question: AccessQuestion,
  signal?: AbortSignal,
): Promise<AccessAnswer> {
  const review = await client.request({
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    body: { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec: specOf(question) },
    repeatable: true,
    ...(signal && { signal }),
  });
  return readAnswer(review);
}

/** Somebody to ask about: he need not exist. */
export interface AccessSubject {
  readonly user: string;
  readonly groups: readonly string[];
}

/** Whether somebody else may do it. That takes the right to create `subjectaccessreviews`. */
export async function reviewAccessOf(
  client: ApiClient,
  { user, groups }: AccessSubject,
  question: AccessQuestion,
  signal?: AbortSignal,
): Promise<AccessAnswer> {
  const spec = { ...specOf(question), user, groups };
  const review = await client.request({
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/subjectaccessreviews',
    body: { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec },
    repeatable: true,
    ...(signal && { signal }),
  });
  return readAnswer(review);
}

export interface AccessRules {
  readonly rules: readonly PolicyRule[];
  /** True where an authorizer cannot list its rules (webhooks, Node): more may be allowed than stands here. */
  readonly incomplete: boolean;
}

/** What we may do in a namespace, as far as the authorizers can list it: a hint; `reviewAccess` decides. */
export async function reviewRules(client: ApiClient, namespace: string, signal?: AbortSignal): Promise<AccessRules> {
  const review = await client.request({
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews',
    body: { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectRulesReview', spec: { namespace } },
    repeatable: true,
    ...(signal && { signal }),
  });
  const status = asObject(review['status']);
  const lists = [...asArray(status['resourceRules']), ...asArray(status['nonResourceRules'])];
  return { rules: parseRules(lists), incomplete: status['incomplete'] === true };
}
