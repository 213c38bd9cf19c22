// The packets of SFTP, version 3, as far as kopia uses them: pure. Source: draft-ietf-secsh-filexfer-02, and OpenSSH's posix-rename.

export const requests = {
  open: 3,
  close: 4,
  read: 5,
  write: 6,
  lstat: 7,
  fstat: 8,
  opendir: 11,
  readdir: 12,
  remove: 13,
  mkdir: 14,
  realpath: 16,
  stat: 17,
  rename: 18,
  extended: 200,
} as const;

const hello = { init: 1, version: 2 } as const;
const answers = { status: 101, handle: 102, data: 103, name: 104, attributes: 105 } as const;

export const statuses = { ok: 0, end: 1, missing: 2, refused: 3, failure: 4, unsupported: 8 } as const;

export const posixRename = 'posix-rename@openssh.com';

/** Flags of `open`. */
export const openFlags = { read: 1, write: 2 } as const;

/** kopia sends 32 KiB at once; what claims to be larger than this is no packet of its. */
const largest = 1 << 20;

/** What follows the length of a packet. */
export interface Packet {
  readonly type: number;
  readonly body: Buffer;
}

/** Cuts a stream into packets. Throws where it is none of SFTP. */
export async function* readPackets(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Packet> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of stream) {
    rest = rest.length === 0 ? Buffer.from(piece) : Buffer.concat([rest, piece]);
    while (rest.length >= 4) {
      const length = rest.readUInt32BE(0);
      if (length === 0 || length > largest) throw new Error(`a packet of ${length} bytes is none of SFTP`);
      if (rest.length < 4 + length) break;
      yield { type: rest.readUInt8(4), body: rest.subarray(5, 4 + length) };
      rest = rest.subarray(4 + length);
    }
  }
}

/** Reads the fields of a packet one after the other; throws `RangeError` behind its end. */
export class Fields {
  private at = 0;
  private readonly body: Buffer;

  constructor(body: Buffer) {
    this.body = body;
  }

  number(): number {
    const value = this.body.readUInt32BE(this.at);
    this.at += 4;
    return value;
  }

  long(): number {
    const value = this.body.readBigUInt64BE(this.at);
    this.at += 8;
    return Number(value);
  }

  bytes(): Buffer {
    const length = this.number();
    if (this.at + length > this.body.length) throw new RangeError('a field is longer than its packet');
    this.at += length;
    return this.body.subarray(this.at - length, this.at);
  }

  text(): string {
    return this.bytes().toString('utf8');
  }
}

export interface Attributes {
  readonly isFolder: boolean;
  readonly bytes: number;
  /** Seconds since 1970. */
  readonly modified: number;
}

function number(value: number): Buffer {
  const field = Buffer.alloc(4);
  field.writeUInt32BE(value);
  return field;
}

function bytes(value: Buffer | string): Buffer {
  const content = typeof value === 'string' ? Buffer.from(value, 'utf8') : value;
  return Buffer.concat([number(content.length), content]);
}

function attributes({ isFolder, bytes: size, modified }: Attributes): Buffer {
  const [hasSize, hasMode, hasTimes] = [1, 4, 8];
  const long = Buffer.alloc(8);
  long.writeBigUInt64BE(BigInt(size));
  const mode = isFolder ? 0o40700 : 0o100600;
  const times = [number(modified), number(modified)];
  return Buffer.concat([number(hasSize | hasMode | hasTimes), long, number(mode), ...times]);
}

function packet(type: number, ...fields: readonly Buffer[]): Buffer {
  const length = 1 + fields.reduce((sum, each) => sum + each.length, 0);
  return Buffer.concat([number(length), Buffer.from([type]), ...fields]);
}

export function isHello({ type }: Packet): boolean {
  return type === hello.init;
}

export function renderVersion(): Buffer {
  return packet(hello.version, number(3), bytes(posixRename), bytes('1'));
}

export function renderStatus(id: number, status: number, message = ''): Buffer {
  return packet(answers.status, number(id), number(status), bytes(message), bytes(''));
}

export function renderHandle(id: number, handle: string): Buffer {
  return packet(answers.handle, number(id), bytes(handle));
}

export function renderData(id: number, data: Buffer): Buffer {
  return packet(answers.data, number(id), bytes(data));
}

export function renderAttributes(id: number, found: Attributes): Buffer {
  return packet(answers.attributes, number(id), attributes(found));
}

export function renderNames(id: number, names: readonly (readonly [name: string, found: Attributes])[]): Buffer {
  const entries = names.map(([name, found]) => Buffer.concat([bytes(name), bytes(name), attributes(found)]));
  return packet(answers.name, number(id), number(names.length), ...entries);
}
