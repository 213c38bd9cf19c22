// Fields that ends of connections have in common in the records of several tools.

import { formatIpAddress, parseIpAddress } from '../../kube/cidr.ts';
import type { Protocol } from '../../reachability/index.ts';
import type { FlowEnd } from '../flow.ts';

/** Without the fields that are undefined. */
export function endOf(fields: { readonly [Key in keyof FlowEnd]: FlowEnd[Key] | undefined }): FlowEnd {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== ''));
}

/** The usual text of an address, or nothing where it is none. */
export function normalAddress(text: string | undefined): string | undefined {
  const parsed = text === undefined ? undefined : parseIpAddress(text);
  return parsed === undefined ? undefined : formatIpAddress(parsed);
}

/** A protocol as a name or as its number. Source: IANA, Assigned Internet Protocol Numbers. */
export function protocolOf(value: unknown): Protocol | undefined {
  if (value === 'TCP' || value === 6) return 'TCP';
  if (value === 'UDP' || value === 17) return 'UDP';
  return value === 'SCTP' || value === 132 ? 'SCTP' : undefined;
}

export function portOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= 65_535 ? value : undefined;
}

/** ISO text of milliseconds since 1970, in UTC; nothing where no date is that far away. */
export function timeAt(milliseconds: number): string | undefined {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

/** ISO text with milliseconds, in UTC; nothing where the text is no time. */
export function timeOf(value: unknown): string | undefined {
  const text = typeof value === 'string' ? value.replace(/(\.\d{3})\d+/, '$1') : '';
  return timeAt(Date.parse(text));
}

/** True where a source says nothing of an end. */
export function isBlank(end: FlowEnd): boolean {
  return Object.keys(end).length === 0;
}

/** Without the fields that nobody told. */
export function told<T extends object>(fields: { readonly [Key in keyof T]?: T[Key] | undefined }): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}
