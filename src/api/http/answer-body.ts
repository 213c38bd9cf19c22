// Reads the body of an answer: whole, unpacked, as text or JSON.

import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { constants, gunzip as gunzipWithCallback, gunzipSync } from 'node:zlib';
import { isJsonObject, type JsonObject, parseJson } from '../../model/index.ts';

const gunzip = promisify(gunzipWithCallback);

export interface Answer<Body extends Buffer | Readable = Buffer | Readable> {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Whole, or as it comes. */
  readonly body: Body;
}

/** The value of a header that stands once. */
export function headerOf({ headers }: Answer, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

async function gather(body: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

export async function readBytes(answer: Answer): Promise<Buffer> {
  const bytes = Buffer.isBuffer(answer.body) ? answer.body : await gather(answer.body);
  return headerOf(answer, 'content-encoding') === 'gzip' ? await unpack(bytes) : bytes;
}

const mostAtOnce = 1 << 23;

/** In one turn of another thread where the end of the bytes tells the truth of what they unpack to (RFC 1952): by default each 16 KiB are a turn. */
async function unpack(packed: Buffer): Promise<Buffer> {
  const size = packed.length < 4 ? 0 : packed.readUInt32LE(packed.length - 4);
  return await gunzip(packed, { chunkSize: Math.min(size, mostAtOnce) + 1024 });
}

/** What the first bytes of an answer unpack to, as far as they go; nothing where they do not unpack. */
export function unpackStart(answer: Answer<Buffer>): Buffer {
  if (headerOf(answer, 'content-encoding') !== 'gzip') return answer.body;
  try {
    return gunzipSync(answer.body, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return Buffer.alloc(0);
  }
}

export async function readText(answer: Answer): Promise<string> {
  return (await readBytes(answer)).toString('utf8');
}

/** `undefined` where the text is no JSON object: a proxy's page, or half an answer. */
export function parseAnswer(text: string): JsonObject | undefined {
  try {
    const value = parseJson(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Texts of `Warning: 299 - "text"` headers, by which the API server speaks of deprecated APIs (RFC 7234 5.5). */
export function readWarnings({ headers }: Answer): string[] {
  const values = headers['warning'] ?? [];
  return (Array.isArray(values) ? values : [values]).flatMap((value) =>
    [...value.matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g)].map(([, text = '']) => text.replace(/\\(.)/g, '$1')),
  );
}
