// An S3 bucket as a store, over the AWS SDK: any server that speaks S3.

import { Agent } from 'node:https';
import { Readable, Transform } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { asNumber, asObject, UserError } from '../../model/index.ts';
import { normalizePrefix } from '../layout/keys.ts';
import { isOtherVersion, type OpenedBody, readResuming } from './resume-read.ts';
import { translateS3Error } from './s3-error.ts';
import {
  type BucketAccess,
  type ByteRange,
  type PutOptions,
  type Store,
  type StoreEntry,
  storeError,
} from './store.ts';

export interface S3Place {
  readonly bucket: string;
  readonly prefix?: string | undefined;
  /** For servers other than Amazon's: `https://minio.example.com:9000`. */
  readonly endpoint?: string | undefined;
  readonly region?: string | undefined;
  /** `https://host/bucket/key` rather than `https://bucket.host/key`. Default: where an endpoint is given. */
  readonly pathStyle?: boolean | undefined;
  /** PEM of the authority that the endpoint's certificate is signed by. */
  readonly caCert?: string | undefined;
  /** Milliseconds that a body may be silent before it is asked for again from where it stopped. */
  readonly patience?: number;
  /** Given credentials; left out, the chain of the AWS programs: environment, shared files, web identity, instance. */
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
}

const partSize = 8 << 20;
const usualPatience = 30_000;

function clientConfig({
  endpoint,
  region,
  pathStyle,
  caCert,
  credentials,
  patience = usualPatience,
}: S3Place): S3ClientConfig {
  return {
    region: region ?? process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'] ?? 'us-east-1',
    ...(endpoint === undefined ? {} : { endpoint }),
    forcePathStyle: pathStyle ?? endpoint !== undefined,
    ...(credentials === undefined ? {} : { credentials }),
    // Many servers refuse the checksums that the SDK adds by itself, and one stores their text as content.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    maxAttempts: 5,
    requestHandler: {
      connectionTimeout: 10_000,
      requestTimeout: 60_000,
      socketTimeout: 2 * patience,
      ...(caCert === undefined ? {} : { httpsAgent: new Agent({ ca: caCert, keepAlive: true }) }),
    },
  };
}

/** Counts what goes by. */
function counter(): { readonly stream: Transform; readonly count: () => number } {
  let bytes = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  return { stream, count: () => bytes };
}

class S3Store implements Store {
  readonly place: string;
  readonly prefix: string;
  private readonly client: S3Client;
  private readonly bucket: string;
  private readonly patience: number;
  private readonly s3Place: S3Place;

  constructor(place: S3Place) {
    this.s3Place = place;
    this.bucket = place.bucket;
    this.patience = place.patience ?? usualPatience;
    this.prefix = normalizePrefix(place.prefix ?? '');
    this.place = `s3://${place.bucket}/${this.prefix}`;
    this.client = new S3Client(clientConfig(place));
  }

  async put(key: string, body: Uint8Array, { ifAbsent = false }: PutOptions = {}): Promise<void> {
    const condition = ifAbsent ? { IfNoneMatch: '*' } : {};
    try {
      await this.client.send(new PutObjectCommand({ Bucket: this.bucket, Key: key, Body: body, ...condition }));
    } catch (error) {
      const refused = translateS3Error(error, this.nameOf(key));
      const isThere = refused instanceof UserError && refused.code === 'store-key-exists' && wasSentAgain(error);
      if (!isThere || !(await this.holds(key, body))) throw refused;
    }
  }

  /** Whether it is our own bytes that stand in the way: the answer to the first try was lost, and the second found them. */
  private async holds(key: string, body: Uint8Array): Promise<boolean> {
    return (await this.get(key))?.equals(body) === true;
  }

  async upload(key: string, body: Readable, { ifAbsent = false }: PutOptions = {}): Promise<number> {
    const { stream, count } = counter();
    body.on('error', (error) => stream.destroy(error));
    stream.on('error', () => undefined);
    const condition = ifAbsent ? { IfNoneMatch: '*' } : {};
    const params = { Bucket: this.bucket, Key: key, Body: body.pipe(stream), ...condition };
    try {
      await this.attempt(key, () => new Upload({ client: this.client, params, partSize, queueSize: 3 }).done());
    } finally {
      body.destroy();
    }
    const held = await this.size(key);
    if (held === count()) return held;
    throw storeError('store-failed', `${this.nameOf(key)} holds ${held ?? 'no'} bytes, and ${count()} were sent`);
  }

  async get(key: string): Promise<Buffer | undefined> {
    try {
      const chunks: Buffer[] = [];
      for await (const chunk of await this.read(key)) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw translateS3Error(error, this.nameOf(key));
    }
  }

  async read(key: string, range?: ByteRange): Promise<Readable> {
    const resuming = {
      start: range?.start ?? 0,
      patience: this.patience,
      open: (rest: ByteRange, etag: string | undefined) => this.openBody(key, rest, etag),
      explain: (error: unknown) => translateS3Error(error, this.nameOf(key)),
    };
    return Readable.from(readResuming(await this.openBody(key, range), resuming), { objectMode: false });
  }

  private async openBody(key: string, range?: ByteRange, etag?: string): Promise<OpenedBody> {
    const part = range === undefined ? {} : { Range: `bytes=${range.start}-${range.end}` };
    const version = etag === undefined ? {} : { IfMatch: etag };
    const where = { Bucket: this.bucket, Key: key };
    try {
      const { Body, ContentLength, ETag } = await this.attempt(key, () =>
        this.client.send(new GetObjectCommand({ ...where, ...part, ...version })),
      );
      return { body: Body as Readable, bytes: ContentLength ?? 0, etag: ETag };
    } catch (error) {
      if (!isOtherVersion(error)) throw error;
      throw storeError('store-failed', `${this.nameOf(key)} was replaced while it was read`, error);
    }
  }

  async size(key: string): Promise<number | undefined> {
    try {
      const head = await this.attempt(key, () =>
        this.client.send(new HeadObjectCommand({ Bucket: this.bucket, Key: key })),
      );
      return head.ContentLength;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async *list(prefix: string): AsyncGenerator<StoreEntry> {
    for await (const { Contents = [] } of this.pages(prefix))
      for (const { Key = '', Size = 0 } of Contents) yield { key: Key, bytes: Size };
  }

  async folders(prefix: string): Promise<readonly string[]> {
    const names: string[] = [];
    for await (const { CommonPrefixes = [] } of this.pages(prefix, '/'))
      for (const { Prefix = '' } of CommonPrefixes) names.push(Prefix.slice(prefix.length, -1));
    return names;
  }

  async delete(key: string): Promise<void> {
    await this.attempt(key, () => this.client.send(new DeleteObjectCommand({ Bucket: this.bucket, Key: key })));
  }

  async access(): Promise<BucketAccess> {
    const { bucket, endpoint, caCert } = this.s3Place;
    const { accessKeyId, secretAccessKey, sessionToken } = await this.attempt('', () =>
      this.client.config.credentials(),
    );
    const region = await this.client.config.region();
    return {
      bucket,
      endpoint: endpoint ?? `https://s3.${region}.amazonaws.com`,
      region,
      caCert,
      credentials: { accessKeyId, secretAccessKey, sessionToken },
    };
  }

  close(): void {
    this.client.destroy();
  }

  private async *pages(prefix: string, delimiter?: string): AsyncGenerator<ListObjectsV2CommandOutput> {
    let token: string | undefined;
    do {
      const page: ListObjectsV2CommandOutput = await this.attempt(prefix, () =>
        this.client.send(
          new ListObjectsV2Command({
            Bucket: this.bucket,
            Prefix: prefix,
            ...(delimiter === undefined ? {} : { Delimiter: delimiter }),
            ...(token === undefined ? {} : { ContinuationToken: token }),
          }),
        ),
      );
      yield page;
      token = page.NextContinuationToken;
    } while (token !== undefined);
  }

  private nameOf(key: string): string {
    return `s3://${this.bucket}/${key}`;
  }

  private async attempt<T>(key: string, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      throw translateS3Error(error, this.nameOf(key));
    }
  }
}

function wasSentAgain(error: unknown): boolean {
  return (asNumber(asObject(asObject(error)['$metadata'])['attempts']) ?? 1) > 1;
}

function isMissing(error: unknown): boolean {
  return asObject(error)['code'] === 'store-key-missing';
}

/** Opens no connection before it is used. */
export function openS3Store(place: S3Place): Store {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  return new S3Store(place);
}
