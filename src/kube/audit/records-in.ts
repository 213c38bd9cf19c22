// The audit records in a JSON value, whatever a provider or a collector has wrapped around them.

import { asArray, asObject, asString, isJsonObject, type Json, type JsonObject } from '../../model/index.ts';
import { type AuditRecord, isAuditEvent, parseAuditEvent } from './audit-event.ts';
import { isGoogleLogEntry, parseGoogleLogEntry } from './google-log-entry.ts';

/**
 * Fields that hold many events: EventList (`items`), CloudWatch (`events` of filter-log-events, `logEvents` of a subscription),
 * Azure Monitor (`records`), Cloud Logging (`entries`).
 */
export const listFields: readonly string[] = ['items', 'events', 'logEvents', 'records', 'entries'];

/** Fields that hold one event as text: CloudWatch (`message`), Azure (`log` below `properties`, `log_s`), collectors of lines (`log`). */
const textFields = ['message', '@message', 'log', 'log_s'];

/** How deep wrappers are opened: text in a record in a list in a message, and no further. */
const deepest = 6;

export interface RecordsIn {
  readonly records: readonly AuditRecord[];
  /** Values that look like events and cannot be understood, or that are none. */
  readonly ignored: number;
}

const nothing: RecordsIn = { records: [], ignored: 1 };

function join(parts: readonly RecordsIn[]): RecordsIn {
  return {
    records: parts.flatMap(({ records }) => records),
    ignored: parts.reduce((sum, { ignored }) => sum + ignored, 0),
  };
}

function single(record: AuditRecord | undefined): RecordsIn {
  return record === undefined ? nothing : { records: [record], ignored: 0 };
}

function parseText(text: string): Json | undefined {
  const start = text.indexOf('{');
  if (start === -1) return undefined;
  try {
    return JSON.parse(text.slice(start)) as Json;
  } catch {
    return undefined;
  }
}

/** What one field of a wrapper holds; `undefined` where the value is no wrapper. */
function unwrap(value: JsonObject): Json | undefined {
  for (const field of listFields) if (Array.isArray(value[field])) return value[field];
  for (const field of textFields) {
    const inner = parseText(asString(value[field]) ?? '');
    if (inner !== undefined) return inner;
  }
  const { properties, jsonPayload } = value;
  if (isJsonObject(properties)) return properties;
  return isJsonObject(jsonPayload) ? jsonPayload : undefined;
}

/** Records of one JSON value of a log. */
export function recordsIn(value: Json | undefined, depth = 0): RecordsIn {
  if (Array.isArray(value)) return join(asArray(value).map((each) => recordsIn(each, depth + 1)));
  if (!isJsonObject(value) || depth > deepest) return nothing;
  if (isAuditEvent(value)) return single(parseAuditEvent(value));
  if (isGoogleLogEntry(value)) return single(parseGoogleLogEntry(value));
  const inner = unwrap(asObject(value));
  return inner === undefined ? nothing : recordsIn(inner, depth + 1);
}
