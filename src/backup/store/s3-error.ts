// What an S3 server, or the way to it, says went wrong, in our words.

import { asNumber, asObject, asString, type ErrorCode, UserError } from '../../model/index.ts';
import { storeError } from './store.ts';

type StoreCode = ErrorCode & `store-${string}`;

/** Source: Amazon S3 API reference, list of error codes; HeadObject answers without a code, by its status alone. */
const codeOfName: Readonly<Record<string, StoreCode>> = {
  PreconditionFailed: 'store-key-exists',
  ConditionalRequestConflict: 'store-key-exists',
  NoSuchKey: 'store-key-missing',
  NotFound: 'store-key-missing',
  NoSuchBucket: 'store-missing',
  AccessDenied: 'store-refused',
  Forbidden: 'store-refused',
  InvalidAccessKeyId: 'store-refused',
  SignatureDoesNotMatch: 'store-refused',
  RequestTimeTooSkewed: 'store-refused',
  ExpiredToken: 'store-refused',
  CredentialsProviderError: 'store-refused',
  QuotaExceeded: 'store-full',
  InsufficientStorage: 'store-full',
  XMinioStorageFull: 'store-full',
  TimeoutError: 'store-unreachable',
};

const codeOfStatus: Readonly<Record<number, StoreCode>> = {
  403: 'store-refused',
  404: 'store-key-missing',
  409: 'store-key-exists',
  412: 'store-key-exists',
  507: 'store-full',
};

const words: Readonly<Record<string, string>> = {
  'store-key-exists': 'is there already',
  'store-key-missing': 'is not there',
  'store-missing': 'is in a bucket that does not exist',
  'store-refused': 'is refused',
  'store-full': 'has no room left',
  'store-unreachable': 'does not answer',
};

/** What the server's own word means for somebody who has to put it right. */
const meanings: Readonly<Record<string, string>> = {
  RequestTimeTooSkewed: 'is refused: the clock of this machine and that of the store are too far apart',
  CredentialsProviderError: 'needs credentials, and none were found',
  ExpiredToken: 'is refused: the credentials have run out',
  InvalidAccessKeyId: 'is refused: the store does not know this access key',
  SignatureDoesNotMatch: 'is refused: the secret key is not the one of this access key, or a proxy changes requests',
};

/** What to do where the advice for all refusals would lead astray. */
const advices: Readonly<Record<string, string>> = {
  CredentialsProviderError:
    'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile of ~/.aws with AWS_PROFILE.',
};

const connectionCodes =
  /^(?:ECONN|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EPIPE|CERT_|ERR_TLS|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO)/;

interface Facts {
  readonly name: string;
  readonly status: number | undefined;
  readonly system: string;
  readonly message: string;
}

function factsOf(error: unknown): Facts {
  const { name, Code, code, message, $metadata } = asObject(error);
  return {
    name: asString(name) ?? asString(Code) ?? '',
    status: asNumber(asObject($metadata)['httpStatusCode']),
    system: asString(code) ?? '',
    message: asString(message) ?? String(error),
  };
}

function codeOf({ name, status, system }: Facts): StoreCode {
  const named = codeOfName[name] ?? (status === undefined ? undefined : codeOfStatus[status]);
  return named ?? (connectionCodes.test(system) ? 'store-unreachable' : 'store-failed');
}

/** Errors that are ours already pass as they are. */
export function translateS3Error(error: unknown, what: string): unknown {
  if (error instanceof UserError) return error;
  const facts = factsOf(error);
  const code = codeOf(facts);
  const detail = [facts.name, facts.message].filter((each) => each !== '' && each !== 'UnknownError').join(': ');
  return storeError(
    code,
    `${what} ${meanings[facts.name] ?? words[code] ?? 'failed'}${detail === '' ? '' : ` (${detail})`}`,
    error,
    advices[facts.name],
  );
}
