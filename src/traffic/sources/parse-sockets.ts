// Reads the kernel's tables of sockets, /proc/net/{tcp,tcp6,udp,udp6}, and what `ss` prints of them.

import { formatIpAddress, parseIpAddress } from '../../kube/cidr.ts';

export interface Socket {
  readonly protocol: 'TCP' | 'UDP';
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly state: 'listening' | 'attempted' | 'connected' | 'closed';
}

/** Addresses are printed as 32-bit words in the byte order of the machine. */
export type ByteOrder = 'little' | 'big';

/** Source: Linux include/net/tcp_states.h. What was closed stays visible for a while and was connected. */
const states: Readonly<Record<string, Socket['state']>> = {
  '01': 'connected',
  '02': 'attempted',
  '03': 'connected',
  '04': 'connected',
  '05': 'connected',
  '06': 'connected',
  '07': 'closed',
  '08': 'connected',
  '09': 'connected',
  '0A': 'listening',
  '0B': 'connected',
  '0C': 'connected',
};

function addressOf(hex: string, order: ByteOrder): string | undefined {
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) => {
    const parts = (word.match(/../g) ?? []).map((part) => Number.parseInt(part, 16));
    return order === 'little' ? parts.reverse() : parts;
  });
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, index) =>
    (((bytes[index * 2] ?? 0) << 8) | (bytes[index * 2 + 1] ?? 0)).toString(16),
  );
  const parsed = parseIpAddress(groups.join(':'));
  return parsed === undefined ? undefined : formatIpAddress(parsed);
}

// `0: 0100007F:1F90 00000000:0000 0A …`; lines that were cut off do not match.
const line =
  /^\s*\d+:\s+([0-9A-F]{8}(?:[0-9A-F]{24})?):([0-9A-F]{4})\s+([0-9A-F]{8}(?:[0-9A-F]{24})?):([0-9A-F]{4})\s+([0-9A-F]{2})\s+[0-9A-F]{8}:/i;

/** A UDP socket that has no peer only waits for packets. */
function stateOf(code: string, protocol: Socket['protocol'], remotePort: number): Socket['state'] {
  if (protocol === 'UDP') return remotePort === 0 ? 'listening' : 'connected';
  return states[code.toUpperCase()] ?? 'closed';
}

function parseLine(text: string, protocol: Socket['protocol'], order: ByteOrder): Socket[] {
  const [, local, localPort, remote, remotePort, code] = line.exec(text) ?? [];
  if (!local || !localPort || !remote || !remotePort || !code) return [];
  const localAddress = addressOf(local, order);
  const remoteAddress = addressOf(remote, order);
  if (localAddress === undefined || remoteAddress === undefined) return [];
  const port = Number.parseInt(remotePort, 16);
  const ends = { localAddress, localPort: Number.parseInt(localPort, 16), remoteAddress, remotePort: port };
  return [{ protocol, ...ends, state: stateOf(code, protocol, port) }];
}

/** The tables one after the other, each with its heading: that of UDP ends with `drops`. Anything else is passed over. */
export function parseProcNet(text: string, order: ByteOrder = 'little'): Socket[] {
  let protocol: Socket['protocol'] = 'TCP';
  return text.split('\n').flatMap((each) => {
    if (!each.includes('local_address')) return parseLine(each, protocol, order);
    protocol = /\bdrops\b/.test(each) ? 'UDP' : 'TCP';
    return [];
  });
}

const ssStates: Readonly<Record<string, Socket['state']>> = {
  LISTEN: 'listening',
  UNCONN: 'listening',
  'SYN-SENT': 'attempted',
};

/** `[::ffff:10.0.0.1]:80`, `10.0.0.1%eth0:80`, `*:80`. */
function parseSsEnd(text: string): { address: string; port: number } | undefined {
  const at = text.lastIndexOf(':');
  const raw = text
    .slice(0, at)
    .replace(/^\[|\]$/g, '')
    .replace(/%.*$/, '');
  const parsed = parseIpAddress(raw === '*' ? '0.0.0.0' : raw);
  const port = text.slice(at + 1);
  if (parsed === undefined || !/^(?:\*|\d{1,5})$/.test(port)) return undefined;
  return { address: formatIpAddress(parsed), port: port === '*' ? 0 : Number(port) };
}

/** The output of `ss -tuna`. Source: iproute2, ss(8). */
export function parseSs(text: string): Socket[] {
  return text.split('\n').flatMap((each) => {
    const [kind, state = '', , , localText = '', remoteText = ''] = each.trim().split(/\s+/);
    const local = parseSsEnd(localText);
    const remote = parseSsEnd(remoteText);
    if ((kind !== 'tcp' && kind !== 'udp') || local === undefined || remote === undefined) return [];
    return [
      {
        protocol: kind === 'tcp' ? ('TCP' as const) : ('UDP' as const),
        localAddress: local.address,
        localPort: local.port,
        remoteAddress: remote.address,
        remotePort: remote.port,
        state: ssStates[state] ?? 'connected',
      },
    ];
  });
}
