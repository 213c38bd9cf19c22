// The records of one audit log, from text that comes in pieces.

import type { AuditRecord } from './audit-event.ts';
import { JsonValues } from './json-values.ts';
import { recordsIn } from './records-in.ts';

export class AuditLog {
  /** Lines or values that hold no event that can be understood. */
  ignored = 0;
  private readonly values: JsonValues;

  constructor(take: (record: AuditRecord) => void) {
    this.values = new JsonValues((value) => {
      const { records, ignored } = recordsIn(value);
      this.ignored += ignored;
      for (const record of records) take(record);
    });
  }

  push(piece: string): void {
    this.values.push(piece);
  }

  end(): void {
    this.values.end();
  }
}
