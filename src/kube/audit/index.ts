// Audit logs of the API server: records out of text that comes in pieces, as the server writes it or as providers wrap it.

export { accessToRead, type AuditRecord, type AuditUser, parseAuditEvent } from './audit-event.ts';
export { AuditLog } from './audit-log.ts';
