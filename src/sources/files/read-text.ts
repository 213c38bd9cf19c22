// Reads one file to text, or to the reason why not.

import { type FileHandle, open } from 'node:fs/promises';
import type { SourceText, TextEncoding, Unreadable } from '../../model/index.ts';
import { decodeText } from './decode-text.ts';
import { describeFileProblem, tooLarge } from './file-problem.ts';

export type TextOutcome =
  | { readonly ok: true; readonly text: string; readonly encoding?: TextEncoding }
  | { readonly ok: false; readonly unreadable: Unreadable };

export type BytesOutcome =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly unreadable: Unreadable };

/** Decodes what was read of `file`. */
export function toText(file: string, bytes: Uint8Array): TextOutcome {
  const decoded = decodeText(bytes);
  if (decoded.ok) return decoded;
  const { code, reason, advice } = decoded;
  return { ok: false, unreadable: { code, position: { file, line: 1, column: 1 }, reason, advice } };
}

async function readHandle(handle: FileHandle, maxBytes: number): Promise<Uint8Array | undefined> {
  const info = await handle.stat();
  if (info.isFile()) return info.size > maxBytes ? undefined : await handle.readFile();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of handle.createReadStream({ autoClose: false }) as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > maxBytes) return undefined;
  }
  return Buffer.concat(chunks);
}

/** Bytes of the file at `path`, shown as `file`; a pipe is read as far as the limit. */
export async function readBytes(file: string, path: string, maxBytes: number): Promise<BytesOutcome> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path);
    const bytes = await readHandle(handle, maxBytes);
    return bytes === undefined ? { ok: false, unreadable: tooLarge(file, maxBytes) } : { ok: true, bytes };
  } catch (error) {
    return { ok: false, unreadable: describeFileProblem(file, error) };
  } finally {
    await handle?.close();
  }
}

/** Text of the file at `path`, shown as `file`. */
export async function readText(file: string, path: string, maxBytes: number): Promise<TextOutcome> {
  const read = await readBytes(file, path, maxBytes);
  return read.ok ? toText(file, read.bytes) : read;
}

/** What was read of `file`, as a text of the user's own. */
export function toSource(file: string, { text, encoding }: Extract<TextOutcome, { ok: true }>): SourceText {
  return { file, text, rendered: false, ...(encoding === undefined ? {} : { encoding }) };
}
