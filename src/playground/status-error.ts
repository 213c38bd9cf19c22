// What the API server refuses, as the `Status` object that says so. Source: apimachinery's pkg/api/errors, tried on 1.34.

import type { Json, JsonObject } from '../model/index.ts';
import { compact } from './objects/edit.ts';

export interface Cause {
  readonly reason: string;
  readonly message: string;
  readonly field: string;
}

interface StatusFacts {
  readonly code: number;
  readonly reason?: string;
  readonly details?: JsonObject;
  /** Goes with 429, 503 and 504, as a header too. */
  readonly retryAfter?: number;
  /** Fields of the list metadata, as the `continue` of an expired list. */
  readonly metadata?: JsonObject;
}

/** What a resource is called in messages: plural, with its group where it has one. */
export interface Named {
  readonly group: string;
  readonly plural: string;
}

export class StatusError extends Error {
  readonly facts: StatusFacts;

  constructor(message: string, facts: StatusFacts) {
    super(message);
    this.facts = facts;
  }

  toStatus(): JsonObject {
    const { code, reason, details, retryAfter, metadata = {} } = this.facts;
    const allDetails = retryAfter === undefined ? details : { ...details, retryAfterSeconds: retryAfter };
    return compact({
      kind: 'Status',
      apiVersion: 'v1',
      metadata,
      status: 'Failure',
      message: this.message,
      reason,
      details: allDetails,
      code,
    });
  }
}

function fullName({ group, plural }: Named): string {
  return group === '' ? plural : `${plural}.${group}`;
}

/** `details` of a status about one object; what is empty is left out. */
export function detailsOf({ group, plural }: Named, name: string, more: JsonObject = {}): JsonObject {
  const text = (value: string): Json | undefined => (value === '' ? undefined : value);
  return compact({ name: text(name), group: text(group), kind: plural, ...more });
}

export function badRequest(message: string): StatusError {
  return new StatusError(message, { code: 400, reason: 'BadRequest' });
}

export function notFound(resource: Named, name: string): StatusError {
  const message = `${fullName(resource)} "${name}" not found`;
  return new StatusError(message, { code: 404, reason: 'NotFound', details: detailsOf(resource, name) });
}

export function alreadyExists(resource: Named, name: string): StatusError {
  const message = `${fullName(resource)} "${name}" already exists`;
  return new StatusError(message, { code: 409, reason: 'AlreadyExists', details: detailsOf(resource, name) });
}

export function conflict(resource: Named, name: string, why: string): StatusError {
  const message = `Operation cannot be fulfilled on ${fullName(resource)} "${name}": ${why}`;
  return new StatusError(message, { code: 409, reason: 'Conflict', details: detailsOf(resource, name) });
}

export function modified(resource: Named, name: string): StatusError {
  const why = 'the object has been modified; please apply your changes to the latest version and try again';
  return conflict(resource, name, why);
}

export function forbidden(resource: Named, name: string, why: string, causes?: readonly Cause[]): StatusError {
  const subject = name === '' ? fullName(resource) : `${fullName(resource)} "${name}"`;
  const details = detailsOf(
    resource,
    name,
    causes === undefined ? {} : { causes: causes.map((each) => ({ ...each })) },
  );
  return new StatusError(`${subject} is forbidden: ${why}`, { code: 403, reason: 'Forbidden', details });
}

/** `kind` with its group, as in `Deployment.apps "web" is invalid: …`. */
export function invalid(
  resource: { readonly group: string; readonly kind: string },
  name: string,
  causes: readonly Cause[],
): StatusError {
  const { group, kind } = resource;
  const each = causes.map(({ field, message }) => `${field}: ${message}`);
  const [first = ''] = each;
  const list = each.length > 1 ? `[${each.join(', ')}]` : first;
  const details = compact({
    name: name === '' ? undefined : name,
    group: group === '' ? undefined : group,
    kind,
    causes: causes.map(({ reason, message, field }) => ({ reason, message, field })),
  });
  const subject = group === '' ? kind : `${kind}.${group}`;
  return new StatusError(`${subject} "${name}" is invalid: ${list}`, { code: 422, reason: 'Invalid', details });
}

export function expired(message: string, metadata: JsonObject = {}): StatusError {
  return new StatusError(message, { code: 410, reason: 'Expired', metadata });
}

export function methodNotAllowed(): StatusError {
  const message = 'the server does not allow this method on the requested resource';
  return new StatusError(message, { code: 405, reason: 'MethodNotAllowed', details: {} });
}

export function unsupportedMediaType(accepted: readonly string[]): StatusError {
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`;
  return new StatusError(message, { code: 415, reason: 'UnsupportedMediaType' });
}

export function unauthorized(): StatusError {
  return new StatusError('Unauthorized', { code: 401, reason: 'Unauthorized' });
}

export function tooLargeVersion(asked: number, current: number): StatusError {
  const causes = [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }];
  const message = `Timeout: Too large resource version: ${asked}, current: ${current}`;
  return new StatusError(message, { code: 504, reason: 'Timeout', details: { causes }, retryAfter: 1 });
}
