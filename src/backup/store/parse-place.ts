// A store as a user names it: a folder, or `s3://bucket/prefix?endpoint=…`.

import { UserError } from '../../model/index.ts';
import type { S3Place } from './s3-store.ts';

export type StorePlace =
  | { readonly kind: 'folder'; readonly path: string }
  | ({ readonly kind: 's3'; readonly caCertFile?: string } & S3Place);

const settings = ['endpoint', 'region', 'path-style', 'ca-cert'];

function wrong(text: string, why: string): UserError {
  return new UserError(
    'invalid-option',
    `the store ${JSON.stringify(text)}: ${why}`,
    `Name a folder, or s3://BUCKET/PREFIX with any of ${settings.map((each) => `?${each}=`).join(', ')}.`,
  );
}

function truth(text: string, value: string | null): boolean | undefined {
  if (value === null) return undefined;
  if (value === 'true' || value === 'false') return value === 'true';
  throw wrong(text, `path-style is "true" or "false", not ${JSON.stringify(value)}`);
}

function parseUrl(text: string): URL {
  try {
    return new URL(text);
  } catch {
    throw wrong(text, 'it is no address');
  }
}

/** An address like `gs://bucket` is a slip, not the folder "gs:". */
function isOtherAddress(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
}

const noLogin = 'credentials do not belong into an address: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY';

function checkEndpoint(text: string, endpoint: string | undefined): string | undefined {
  if (endpoint?.includes('@') === true) throw wrong('s3://…', noLogin);
  if (endpoint === undefined || (/^https?:\/\/./.test(endpoint) && URL.canParse(endpoint))) return endpoint;
  throw wrong(text, `the endpoint ${JSON.stringify(endpoint)} is no address such as https://minio.example:9000`);
}

function prefixOf(text: string, { pathname }: URL): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    throw wrong(text, 'a % that stands for itself is written as %25');
  }
}

/** Throws `UserError`. Credentials are never part of it: they come from the environment, as the AWS programs find them. */
export function parseStorePlace(text: string): StorePlace {
  if (!text.startsWith('s3://')) {
    if (isOtherAddress(text)) throw wrong(`${text.split('://')[0]}://…`, 'stores are folders and S3 buckets only');
    return { kind: 'folder', path: text };
  }
  const url = parseUrl(text);
  if (url.username !== '' || url.password !== '') throw wrong('s3://…', noLogin);
  if (url.hostname === '') throw wrong(text, 'the bucket is missing');
  const unknown = [...url.searchParams.keys()].find((key) => !settings.includes(key));
  if (unknown !== undefined) throw wrong(text, `nothing is known of ${JSON.stringify(unknown)}`);
  const setting = (name: string): string | undefined => url.searchParams.get(name) ?? undefined;
  const caCertFile = setting('ca-cert');
  return {
    kind: 's3',
    bucket: url.hostname,
    prefix: prefixOf(text, url),
    endpoint: checkEndpoint(text, setting('endpoint')),
    region: setting('region'),
    pathStyle: truth(text, url.searchParams.get('path-style')),
    ...(caCertFile === undefined ? {} : { caCertFile }),
  };
}
