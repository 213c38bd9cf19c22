// An S3 server in memory, on loopback, for tests: conditional puts, ranges, paged lists, multipart uploads, and faults on demand.

import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface S3Request {
  readonly method: string;
  readonly key: string;
  readonly query: URLSearchParams;
}

/** What a test wants to happen instead of the answer: nothing for the plain answer. */
export type Fault =
  | { readonly status: number; readonly code?: string }
  | { readonly cut: true }
  /** Sends only half of the body, and closes. */
  | { readonly truncate: true }
  | { readonly flipByte: true }
  /** Sends half of the body, and then nothing more while the connection stays open. */
  | { readonly stall: true }
  /** Sends the body in small pieces with a pause of so many milliseconds between them. */
  | { readonly pause: number }
  | undefined;

export interface MemoryS3 {
  readonly endpoint: string;
  readonly objects: Map<string, Buffer>;
  readonly requests: S3Request[];
  fault: (request: S3Request, index: number) => Fault;
  readonly close: () => Promise<void>;
}

const bucket = 'backups';
const pageSize = 100;

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function etagOf(body: Buffer): string {
  return `"${createHash('md5').update(body).digest('hex')}"`;
}

function xml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

interface Reply {
  readonly status: number;
  readonly body?: Buffer | string;
  readonly headers?: Readonly<Record<string, string>>;
}

function failure(status: number, code: string): Reply {
  return { status, body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>` };
}

class Bucket {
  readonly objects = new Map<string, Buffer>();
  private readonly uploads = new Map<string, Map<number, Buffer>>();

  answer(request: S3Request, headers: IncomingMessage['headers'], body: Buffer): Reply {
    switch (request.method) {
      case 'PUT':
        return request.query.has('partNumber') ? this.part(request, body) : this.put(request.key, headers, body);
      case 'POST':
        return request.query.has('uploads') ? this.begin(request.key) : this.complete(request, headers);
      case 'GET':
        return request.key === '' ? this.list(request.query) : this.get(request.key, headers);
      case 'HEAD':
        return this.head(request.key);
      default:
        if (request.query.has('uploadId')) this.uploads.delete(request.query.get('uploadId') ?? '');
        else this.objects.delete(request.key);
        return { status: 204 };
    }
  }

  private put(key: string, headers: IncomingMessage['headers'], body: Buffer): Reply {
    if (headers['if-none-match'] === '*' && this.objects.has(key)) return failure(412, 'PreconditionFailed');
    this.objects.set(key, body);
    return { status: 200, headers: { etag: etagOf(body) } };
  }

  private begin(key: string): Reply {
    const id = randomBytes(8).toString('hex');
    this.uploads.set(id, new Map());
    return {
      status: 200,
      body: `<InitiateMultipartUploadResult><Bucket>${bucket}</Bucket><Key>${xml(key)}</Key><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
    };
  }

  private part({ query }: S3Request, body: Buffer): Reply {
    this.uploads.get(query.get('uploadId') ?? '')?.set(Number(query.get('partNumber')), body);
    return { status: 200, headers: { etag: etagOf(body) } };
  }

  private complete({ key, query }: S3Request, headers: IncomingMessage['headers']): Reply {
    const parts = this.uploads.get(query.get('uploadId') ?? '');
    if (parts === undefined) return failure(404, 'NoSuchUpload');
    const whole = Buffer.concat([...parts].toSorted(([a], [b]) => a - b).map(([, part]) => part));
    const { status } = this.put(key, headers, whole);
    if (status !== 200) return failure(412, 'PreconditionFailed');
    return {
      status: 200,
      body: `<CompleteMultipartUploadResult><Key>${xml(key)}</Key><ETag>&quot;x&quot;</ETag></CompleteMultipartUploadResult>`,
    };
  }

  private get(key: string, headers: IncomingMessage['headers']): Reply {
    const object = this.objects.get(key);
    if (object === undefined) return failure(404, 'NoSuchKey');
    const etag = etagOf(object);
    if (headers['if-match'] !== undefined && headers['if-match'] !== etag) return failure(412, 'PreconditionFailed');
    const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '') ?? [];
    if (start === undefined) return { status: 200, body: object, headers: { etag } };
    return { status: 206, body: object.subarray(Number(start), Number(end) + 1), headers: { etag } };
  }

  private head(key: string): Reply {
    const object = this.objects.get(key);
    return object === undefined
      ? { status: 404 }
      : { status: 200, headers: { 'content-length': String(object.length), etag: etagOf(object) } };
  }

  private list(query: URLSearchParams): Reply {
    const prefix = query.get('prefix') ?? '';
    const delimiter = query.get('delimiter') ?? '';
    const after = query.get('continuation-token') ?? '';
    const rows = new Map<string, string>();
    for (const key of [...this.objects.keys()].toSorted()) {
      if (!key.startsWith(prefix)) continue;
      const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
      const shown = cut < 0 ? key : key.slice(0, cut + 1);
      const bytes = this.objects.get(key)?.length ?? 0;
      rows.set(
        shown,
        cut < 0
          ? `<Contents><Key>${xml(key)}</Key><Size>${bytes}</Size></Contents>`
          : `<CommonPrefixes><Prefix>${xml(shown)}</Prefix></CommonPrefixes>`,
      );
    }
    const left = [...rows].filter(([shown]) => shown > after);
    const page = left.slice(0, pageSize);
    const more = left.length > page.length;
    const next = more ? `<NextContinuationToken>${xml(page.at(-1)?.[0] ?? '')}</NextContinuationToken>` : '';
    return {
      status: 200,
      body: `<?xml version="1.0"?><ListBucketResult><IsTruncated>${more}</IsTruncated>${next}${page.map(([, row]) => row).join('')}</ListBucketResult>`,
    };
  }
}

function flipped(bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes);
  const at = changed.length >> 1;
  if (changed.length > 0) changed[at] = (changed[at] ?? 0) ^ 1;
  return changed;
}

function sendSlowly(response: ServerResponse, bytes: Buffer, pause: number): void {
  const size = Math.max(1, Math.ceil(bytes.length / 8));
  const next = (at: number): void => {
    if (at >= bytes.length || response.destroyed) response.end();
    else response.write(bytes.subarray(at, at + size), () => void setTimeout(() => next(at + size), pause));
  };
  next(0);
}

function send(response: ServerResponse, { status, body = '', headers = {} }: Reply, fault: Fault): void {
  const bytes = Buffer.from(body);
  const length = { 'content-length': String(bytes.length) };
  response.writeHead(status, { ...length, ...headers });
  const half = bytes.subarray(0, bytes.length / 2);
  if (fault === undefined) response.end(bytes);
  else if ('truncate' in fault) response.write(half, () => response.destroy());
  else if ('stall' in fault) response.write(half);
  else if ('pause' in fault) sendSlowly(response, bytes, fault.pause);
  else response.end('flipByte' in fault ? flipped(bytes) : bytes);
}

function parse(request: IncomingMessage): S3Request & { readonly bucket: string } {
  const url = new URL(request.url ?? '', 'http://x');
  const [, name = '', ...rest] = decodeURIComponent(url.pathname).split('/');
  return { method: request.method ?? '', bucket: name, key: rest.join('/'), query: url.searchParams };
}

/** One bucket, `backups`. */
export async function startMemoryS3(): Promise<MemoryS3> {
  const held = new Bucket();
  const requests: S3Request[] = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const parsed = parse(request);
      requests.push(parsed);
      const fault = s3.fault(parsed, requests.length - 1);
      if (fault !== undefined && 'cut' in fault) return request.socket.destroy();
      if (fault !== undefined && 'status' in fault)
        return send(response, failure(fault.status, fault.code ?? 'InternalError'), undefined);
      const isKnown = parsed.bucket === bucket;
      send(response, isKnown ? held.answer(parsed, request.headers, body) : failure(404, 'NoSuchBucket'), fault);
    });
  });
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const s3: MemoryS3 = {
    endpoint: `http://127.0.0.1:${port}`,
    objects: held.objects,
    requests,
    fault: () => undefined,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
  return s3;
}
