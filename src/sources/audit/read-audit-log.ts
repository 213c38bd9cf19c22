// Reads an audit log of any length as a stream: a file, plain or gzipped, or standard input.

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { AuditLog, type AuditRecord } from '../../kube/audit/index.ts';
import { UserError } from '../../model/index.ts';
import { toPathError } from '../files/file-problem.ts';

export interface ReadLog {
  /** As the user named it; `standard input` for `-`. */
  readonly name: string;
  readonly records: number;
  /** Lines or values that hold no event that can be understood. */
  readonly ignored: number;
}

export interface LogReader {
  readonly take: (record: AuditRecord) => void;
  /** The pieces of standard input. */
  readonly stdin: () => AsyncIterable<Uint8Array>;
  /** Told now and then how many events were read. */
  readonly progress: (records: number) => void;
}

const progressEvery = 20_000;
const gzipMagic = [0x1f, 0x8b];
const known =
  'Known are JSON lines and EventLists of audit.k8s.io, and these as CloudWatch, Azure Monitor and Cloud Logging wrap them; see docs/roles.md.';

async function* openFile(file: string): AsyncIterable<Uint8Array> {
  const entry = await stat(file);
  if (entry.isDirectory())
    throw new UserError('invalid-audit-log', `${file} is a folder`, 'Name its files, each with --audit-log.');
  yield* createReadStream(file, { highWaterMark: 1024 * 1024 });
}

/** Unpacks what begins as gzip does. */
async function* unpack(pieces: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const iterator = pieces[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done === true) return;
  const rest = { [Symbol.asyncIterator]: () => iterator };
  const all = (async function* () {
    yield first.value;
    yield* rest;
  })();
  if (!gzipMagic.every((byte, index) => first.value[index] === byte)) {
    yield* all;
    return;
  }
  const gunzip = createGunzip({ chunkSize: 256 * 1024 });
  const feeding = feed(all, gunzip);
  yield* gunzip as AsyncIterable<Uint8Array>;
  await feeding;
}

/** Waits where the reader is slower. */
async function feed(pieces: AsyncIterable<Uint8Array>, gunzip: ReturnType<typeof createGunzip>): Promise<void> {
  try {
    for await (const piece of pieces)
      if (!gunzip.write(piece)) await new Promise<void>((resolve) => void gunzip.once('drain', resolve));
    gunzip.end();
  } catch (error) {
    gunzip.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

async function parse(pieces: AsyncIterable<Uint8Array>, { take, progress }: LogReader): Promise<Omit<ReadLog, 'name'>> {
  let records = 0;
  const log = new AuditLog((record) => {
    records += 1;
    take(record);
    if (records % progressEvery === 0) progress(records);
  });
  const decoder = new TextDecoder();
  for await (const piece of pieces) log.push(decoder.decode(piece, { stream: true }));
  log.push(decoder.decode());
  log.end();
  return { records, ignored: log.ignored };
}

/** What zlib says of bytes that it cannot unpack. */
function isDamaged(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}

/** `-` is standard input. Throws `UserError` where the log is missing, may not be read, cannot be unpacked or holds no event. */
export async function readAuditLog(file: string, reader: LogReader): Promise<ReadLog> {
  const name = file === '-' ? 'standard input' : file;
  try {
    const read = await parse(unpack(file === '-' ? reader.stdin() : openFile(file)), reader);
    if (read.records === 0) throw new UserError('invalid-audit-log', `${name} holds no event of an audit log`, known);
    return { name, ...read };
  } catch (error) {
    if (isDamaged(error))
      throw new UserError('invalid-audit-log', `${name} is cut off or damaged: ${error.message}`, known, error);
    throw toPathError(error, name, 'Check the path behind --audit-log.');
  }
}
