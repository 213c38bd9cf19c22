// What a place for backups can do, whatever it is: keys and bytes.

import type { Readable } from 'node:stream';
import { type ErrorCode, UserError } from '../../model/index.ts';

export interface StoreEntry {
  readonly key: string;
  readonly bytes: number;
}

export interface PutOptions {
  /** Fails with `store-key-exists` where the key is there already; of several writers at once one wins. */
  readonly ifAbsent?: boolean;
}

/** Bytes from `start` up to and with `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** A bucket for another program that goes to it by itself. Holds secrets: never to be shown or written down. */
export interface BucketAccess {
  readonly bucket: string;
  /** URL. */
  readonly endpoint: string;
  readonly region: string;
  /** PEM. */
  readonly caCert?: string | undefined;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string | undefined;
  };
}

/**
 * Keys are `/`-separated. A key is there whole or not at all, also where its writer dies. All functions throw `UserError` with one of the codes `store-…`.
 */
export interface Store {
  /** As a user would name it: `s3://bucket/prefix` or a folder. */
  readonly place: string;
  /** Keys of backups begin with it: '' or with a slash at its end. */
  readonly prefix: string;
  readonly put: (key: string, body: Uint8Array, options?: PutOptions) => Promise<void>;
  /** A body of any length; it is checked that all of it has arrived. Answers with its bytes. */
  readonly upload: (key: string, body: Readable, options?: PutOptions) => Promise<number>;
  /** `undefined` where the key is not there. */
  readonly get: (key: string) => Promise<Buffer | undefined>;
  /** As they come; `store-key-missing` where the key is not there. */
  readonly read: (key: string, range?: ByteRange) => Promise<Readable>;
  /** Bytes of a key; `undefined` where it is not there. */
  readonly size: (key: string) => Promise<number | undefined>;
  /** All keys with a prefix, in order. */
  readonly list: (prefix: string) => AsyncGenerator<StoreEntry>;
  /** The names that follow a prefix, up to the next slash: `shop-1` for keys `backups/shop-1/…`. */
  readonly folders: (prefix: string) => Promise<readonly string[]>;
  /** Nothing happens where the key is not there. */
  readonly delete: (key: string) => Promise<void>;
  /** Removes what writers that were cut off have left below a prefix, and nobody sees. Left out where that is the store's own business. */
  readonly sweep?: (prefix: string) => Promise<void>;
  /** Where it is a bucket. */
  readonly access?: () => Promise<BucketAccess>;
  /** Where it is a folder of this machine: its path. */
  readonly folder?: string;
  readonly close: () => void;
}

const advice: Partial<Record<ErrorCode, string>> = {
  'store-key-exists': 'Choose another name: what a store holds is never overwritten.',
  'store-key-missing': 'List what the store holds: nowwhat backup get --store STORE.',
  'store-missing': 'Check its name, or make the bucket first: nowwhat makes none.',
  'store-refused':
    'The credentials must permit to list, read, write and delete in it; the clock of this machine must be right.',
  'store-unreachable': 'Check the endpoint and the network; the command can be run again.',
  'store-full': 'Make room, or use another store; nothing of this run counts as a backup.',
  'store-failed': 'Run the command again; what was written before counts only where it is whole.',
};

export function storeError(
  code: ErrorCode & `store-${string}`,
  what: string,
  cause?: unknown,
  todo = advice[code] ?? '',
): UserError {
  return new UserError(code, what, todo, cause);
}
