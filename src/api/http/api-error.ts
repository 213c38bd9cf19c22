// An answer of the API server that is no success, as an error: what was refused, to whom, and the rule that would allow it.

import { asNumber, asObject, asString, type ErrorCode, type JsonObject, UserError } from '../../model/index.ts';
import type { ApiRequest } from './api-request.ts';
import { findRefusal, type MissingRule, renderMissingRule } from './missing-rule.ts';

/** What is known of a refused request. */
export interface Rejection {
  readonly request: ApiRequest;
  /** HTTP status. */
  readonly status: number;
  /** The `Status` object that the server sent; empty where it sent something else. */
  readonly answer: JsonObject;
}

interface Words {
  readonly code: ErrorCode;
  readonly what: string;
  readonly advice: string;
  readonly missingRule?: MissingRule;
}

const clusterSaid = 'The reason is the cluster’s own.';

function describeForbidden(said: string, { request }: Rejection): Words {
  const refusal = findRefusal(said, request);
  if (refusal === undefined) return { code: 'cluster-refused', what: said, advice: clusterSaid };
  const rule = renderMissingRule(refusal.rule);
  return {
    code: 'cluster-forbidden',
    what: `"${refusal.user}" may not ${rule}`,
    advice: 'Ask a cluster administrator for this right.',
    missingRule: refusal.rule,
  };
}

function describe(said: string, rejection: Rejection): Words {
  const { status } = rejection;
  if (status === 401) {
    const advice = 'Log in again, or fetch the kubeconfig anew.';
    return { code: 'cluster-unauthorized', what: 'the cluster does not accept the credentials', advice };
  }
  if (status === 403) return describeForbidden(said, rejection);
  if (status === 429 || status >= 500)
    return { code: 'cluster-failed', what: said, advice: 'Try again; if it lasts, see the logs of the API server.' };
  return { code: 'cluster-refused', what: said, advice: clusterSaid };
}

/** `status`, `reason` and `answer` for programs, message and advice for people. */
export class ApiError extends UserError {
  /** HTTP status: 404, 409, 410, 422, 429, … */
  readonly status: number;
  /** `NotFound`, `Conflict`, `Expired`, …; '' where the answer was not the API server's. */
  readonly reason: string;
  /** The `Status` object that the server sent, with `details`. */
  readonly answer: JsonObject;
  readonly method: string;
  readonly path: string;
  /** Where RBAC refused: the smallest rule that would allow it. */
  readonly missingRule: MissingRule | undefined;

  constructor(rejection: Rejection) {
    const { request, status, answer } = rejection;
    const method = request.method ?? 'GET';
    const said = asString(answer['message']) ?? `${method} ${request.path} was answered with ${status}`;
    const words = describe(said.slice(0, 4000), rejection);
    super(words.code, words.what, words.advice);
    this.name = 'ApiError';
    this.status = status;
    this.reason = asString(answer['reason']) ?? '';
    this.answer = answer;
    this.method = method;
    this.path = request.path;
    this.missingRule = words.missingRule;
  }

  /** What the server asks to wait before the next try, in seconds. */
  get retryAfter(): number | undefined {
    return asNumber(asObject(this.answer['details'])['retryAfterSeconds']);
  }
}

export function isApiError(error: unknown, status: number): error is ApiError {
  return error instanceof ApiError && error.status === status;
}

/** The error that a `Status` object stands for, as a watch sends it in an ERROR event. */
export function statusError(answer: JsonObject, request: ApiRequest): ApiError {
  return new ApiError({ request, status: asNumber(answer['code']) ?? 500, answer });
}
