// Ways to see the sockets of a pod from within a container, in the order in which they are tried. All of them only read.

import { type ByteOrder, parseProcNet, parseSs, type Socket } from './parse-sockets.ts';

const tables = ['/proc/net/tcp', '/proc/net/tcp6', '/proc/net/udp', '/proc/net/udp6'];

/** Without any program but a shell: its own words print the tables. */
const shellLoop = `for f in ${tables.join(' ')}; do while IFS= read -r line; do echo "$line"; done < "$f"; done`;

export interface SamplingMethod {
  /** For people. */
  readonly name: string;
  readonly command: readonly string[];
  /** The sockets; `undefined` where the output is not what the command prints. */
  readonly parse: (output: string, order: ByteOrder) => readonly Socket[] | undefined;
}

function parseTables(output: string, order: ByteOrder): readonly Socket[] | undefined {
  return output.includes('local_address') ? parseProcNet(output, order) : undefined;
}

/** A missing table, as of IPv6 where it is off, makes an error message and no harm. */
export const samplingMethods: readonly SamplingMethod[] = [
  { name: 'cat', command: ['cat', ...tables], parse: parseTables },
  { name: '/bin/cat', command: ['/bin/cat', ...tables], parse: parseTables },
  { name: 'busybox', command: ['busybox', 'cat', ...tables], parse: parseTables },
  { name: '/bin/sh', command: ['/bin/sh', '-c', shellLoop], parse: parseTables },
  { name: '/bin/bash', command: ['/bin/bash', '-c', shellLoop], parse: parseTables },
  {
    name: 'ss',
    command: ['ss', '-tuna'],
    parse: (output) => (output.startsWith('Netid') ? parseSs(output) : undefined),
  },
];
