// Answers kopia's requests for a repository that lies in a folder of this machine, over any two streams: kopia in a pod needs no way to the folder but the command
// that started it.

import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import type { Readable, Writable } from 'node:stream';
import { asObject } from '../../../model/index.ts';
import { createPart, listBlobs, movePart, placeOf, readAttributes, removeBlob } from './blob-folder.ts';
import {
  type Attributes,
  Fields,
  isHello,
  openFlags,
  type Packet,
  posixRename,
  readPackets,
  renderAttributes,
  renderData,
  renderHandle,
  renderNames,
  renderStatus,
  renderVersion,
  requests,
  statuses,
} from './packets.ts';

type Listing = (readonly [name: string, found: Attributes])[];

/** What kopia has open: a file, a list that it reads on, or a note that nobody keeps. */
type Opened =
  | { readonly kind: 'file'; readonly handle: FileHandle; readonly isWritten: boolean }
  | { readonly kind: 'list'; readonly left: Listing }
  | { readonly kind: 'note' };

class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const root: Attributes = { isFolder: true, bytes: 0, modified: 0 };
/** So many names go into one answer. */
const namesAtOnce = 200;
const largestRead = 1 << 18;

function statusOf(error: unknown): readonly [status: number, message: string] {
  if (error instanceof Refusal) return [error.status, error.message];
  const { code } = asObject(error);
  const message = error instanceof Error ? error.message : String(error);
  if (code === 'ENOENT') return [statuses.missing, 'there is no such blob'];
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return [statuses.refused, message];
  return [statuses.failure, message];
}

class BlobServer {
  /** The first error that is not of kopia's asking: a full disk, a folder that may not be written. */
  trouble: string | undefined;
  private readonly opened = new Map<string, Opened>();
  private readonly folder: string;
  private count = 0;

  constructor(folder: string) {
    this.folder = folder;
  }

  async answer(packet: Packet): Promise<Buffer> {
    if (isHello(packet)) return renderVersion();
    const fields = new Fields(packet.body);
    const id = fields.number();
    try {
      return await this.act(packet.type, id, fields);
    } catch (error) {
      const [status, message] = statusOf(error);
      if (status !== statuses.missing && status !== statuses.unsupported) this.trouble ??= message;
      return renderStatus(id, status, message);
    }
  }

  async close(): Promise<void> {
    for (const each of this.opened.values()) if (each.kind === 'file') await each.handle.close().catch(() => undefined);
    this.opened.clear();
  }

  private act(type: number, id: number, fields: Fields): Promise<Buffer> | Buffer {
    switch (type) {
      case requests.open:
        return this.open(id, fields);
      case requests.close:
        return this.closeOne(id, fields.text());
      case requests.read:
        return this.read(id, fields);
      case requests.write:
        return this.write(id, fields);
      case requests.stat:
      case requests.lstat:
        return this.stat(id, fields.text());
      case requests.opendir:
        return this.openList(id, fields.text());
      case requests.readdir:
        return this.readList(id, fields.text());
      case requests.remove:
        return this.remove(id, fields.text());
      case requests.extended:
        return this.extended(id, fields);
      default:
        return renderStatus(id, statuses.unsupported, 'not done here');
    }
  }

  private hold(opened: Opened): string {
    this.count += 1;
    const handle = String(this.count);
    this.opened.set(handle, opened);
    return handle;
  }

  private fileOf(handle: string): FileHandle | undefined {
    const opened = this.opened.get(handle);
    if (opened?.kind === 'note') return undefined;
    if (opened?.kind !== 'file') throw new Refusal(statuses.failure, 'nothing is open by this handle');
    return opened.handle;
  }

  private async open(id: number, fields: Fields): Promise<Buffer> {
    const place = placeOf(this.folder, fields.text());
    const isWritten = (fields.number() & openFlags.write) !== 0;
    if (place.kind === 'note' && isWritten) return renderHandle(id, this.hold({ kind: 'note' }));
    if (place.kind === 'note') return renderStatus(id, statuses.missing);
    if (place.kind !== (isWritten ? 'part' : 'blob')) throw new Refusal(statuses.refused, 'this is no blob');
    const handle = isWritten ? await createPart(this.folder, place.file) : await open(place.file, 'r');
    return renderHandle(id, this.hold({ kind: 'file', handle, isWritten }));
  }

  /** What was written is on the disk before kopia believes it. */
  private async closeOne(id: number, handle: string): Promise<Buffer> {
    const opened = this.opened.get(handle);
    this.opened.delete(handle);
    if (opened?.kind !== 'file') return renderStatus(id, statuses.ok);
    try {
      if (opened.isWritten) await opened.handle.sync();
    } finally {
      await opened.handle.close();
    }
    return renderStatus(id, statuses.ok);
  }

  private async read(id: number, fields: Fields): Promise<Buffer> {
    const handle = this.fileOf(fields.text());
    const [offset, length] = [fields.long(), Math.min(fields.number(), largestRead)];
    const data = Buffer.alloc(length);
    const { bytesRead = 0 } = (await handle?.read(data, 0, length, offset)) ?? {};
    return bytesRead === 0 ? renderStatus(id, statuses.end) : renderData(id, data.subarray(0, bytesRead));
  }

  private async write(id: number, fields: Fields): Promise<Buffer> {
    const handle = this.fileOf(fields.text());
    const [offset, data] = [fields.long(), fields.bytes()];
    for (let at = 0; handle !== undefined && at < data.length; ) {
      const { bytesWritten } = await handle.write(data, at, data.length - at, offset + at);
      at += bytesWritten;
    }
    return renderStatus(id, statuses.ok);
  }

  private async stat(id: number, path: string): Promise<Buffer> {
    const place = placeOf(this.folder, path);
    if (place.kind === 'root') return renderAttributes(id, root);
    if (place.kind !== 'blob') return renderStatus(id, statuses.missing);
    return renderAttributes(id, await readAttributes(place.file));
  }

  private async openList(id: number, path: string): Promise<Buffer> {
    if (placeOf(this.folder, path).kind !== 'root') return renderStatus(id, statuses.missing);
    return renderHandle(id, this.hold({ kind: 'list', left: [...(await listBlobs(this.folder))] }));
  }

  private readList(id: number, handle: string): Buffer {
    const opened = this.opened.get(handle);
    if (opened?.kind !== 'list') throw new Refusal(statuses.failure, 'no list is open by this handle');
    const names = opened.left.splice(0, namesAtOnce);
    return names.length === 0 ? renderStatus(id, statuses.end) : renderNames(id, names);
  }

  private async remove(id: number, path: string): Promise<Buffer> {
    const place = placeOf(this.folder, path);
    if (place.kind !== 'blob' && place.kind !== 'part') throw new Refusal(statuses.refused, 'this is no blob');
    await removeBlob(place.file);
    return renderStatus(id, statuses.ok);
  }

  private async extended(id: number, fields: Fields): Promise<Buffer> {
    if (fields.text() !== posixRename) return renderStatus(id, statuses.unsupported, 'not done here');
    const [from, to] = [placeOf(this.folder, fields.text()), placeOf(this.folder, fields.text())];
    if (to.kind === 'note') return renderStatus(id, statuses.ok);
    if (from.kind !== 'part' || to.kind !== 'blob') throw new Refusal(statuses.refused, 'this is no blob');
    await movePart(from.file, to.file);
    return renderStatus(id, statuses.ok);
  }
}

function write(output: Writable, answer: Buffer): Promise<void> {
  return new Promise((resolve) => {
    if (output.write(answer)) resolve();
    else output.once('drain', resolve);
  });
}

/** Until the requests end. Answers with what went wrong on this machine, in its words; kopia tells the same less clearly. */
export async function serveBlobs(folder: string, input: Readable, output: Writable): Promise<string | undefined> {
  const server = new BlobServer(folder);
  try {
    for await (const packet of readPackets(input)) await write(output, await server.answer(packet));
    return server.trouble;
  } finally {
    await server.close();
  }
}
