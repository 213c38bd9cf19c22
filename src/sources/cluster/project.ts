// What is kept of an object while it is read: no values of Secrets, and nothing that only the API server's own bookkeeping needs.

import { decodeBase64, parsePem } from '../../kube/certificates/index.ts';
import {
  asObject,
  asString,
  isJsonObject,
  type Json,
  type JsonObject,
  type WithheldSecret,
  type WithheldValue,
} from '../../model/index.ts';

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

export interface Projection {
  /** Who wrote which field: megabytes that only few questions need. */
  readonly keepManagedFields: boolean;
}

function withoutKey(object: JsonObject, key: string): JsonObject {
  if (!Object.hasOwn(object, key)) return object;
  const { [key]: _, ...rest } = object;
  return rest;
}

/** A certificate is shown to everybody who connects: when it ends and for which hosts it is may be known. Anything beside it is not kept. */
function publicPart(key: string, value: Json | undefined): string {
  if (key !== 'tls.crt') return '';
  const bytes = decodeBase64(asString(value) ?? '') ?? new Uint8Array();
  const certificates = parsePem(Buffer.from(bytes).toString('latin1')).filter(({ label }) => label === 'CERTIFICATE');
  const text = certificates.map(
    (each) => `-----BEGIN CERTIFICATE-----\n${Buffer.from(each.bytes).toString('base64')}\n-----END CERTIFICATE-----\n`,
  );
  return Buffer.from(text.join('')).toString('base64');
}

/** Keys stay, for questions about names; what they hold is gone at once. */
function withholdValues(data: Json | undefined): JsonObject {
  return Object.fromEntries(Object.entries(asObject(data)).map(([key, value]) => [key, publicPart(key, value)]));
}

/** What is told of the values of a Secret: how long they are, and which are the same. */
export function describeValues(raw: JsonObject, fingerprint: (value: string) => string): WithheldSecret | undefined {
  if (raw['kind'] !== 'Secret' || raw['apiVersion'] !== 'v1') return undefined;
  const { name, namespace } = asObject(raw['metadata']);
  const keys = Object.entries(asObject(raw['data'])).map(([key, value]): [string, WithheldValue] => {
    const text = asString(value) ?? '';
    const bytes = Math.floor((text.replace(/=+$/, '').length * 3) / 4);
    return [key, { bytes, fingerprint: bytes === 0 ? '' : fingerprint(text) }];
  });
  return { namespace: asString(namespace) ?? '', name: asString(name) ?? '', keys: Object.fromEntries(keys) };
}

/** kubectl keeps a whole copy of what was applied in an annotation, values and all. */
function withoutCopy(metadata: JsonObject): JsonObject {
  const { annotations } = metadata;
  return isJsonObject(annotations) ? { ...metadata, annotations: withoutKey(annotations, lastApplied) } : metadata;
}

function withholdSecret(raw: JsonObject): JsonObject {
  const { stringData: _, ...rest } = raw;
  return {
    ...rest,
    metadata: withoutCopy(asObject(raw['metadata'])),
    ...(raw['data'] === undefined ? {} : { data: withholdValues(raw['data']) }),
  };
}

/** The object as it is kept in a snapshot. Fields that are not known stay. */
export function projectObject(raw: JsonObject, { keepManagedFields }: Projection): JsonObject {
  const slim = keepManagedFields ? raw : { ...raw, metadata: withoutKey(asObject(raw['metadata']), 'managedFields') };
  return slim['kind'] === 'Secret' && slim['apiVersion'] === 'v1' ? withholdSecret(slim) : slim;
}
