// The lines that tell of every file of the saved volumes, so that a drill can hold each against what comes back: pure.

import * as z from 'zod';
import type { ListedFile } from './list-files.ts';

export const filesSchema = 'nowwhat.dev/backup-files/v1';

const text = z.string();

const volumeSchema = z.strictObject({
  namespace: text,
  pod: text,
  /** Its name in the pod. */
  name: text,
  node: text,
  claim: text.optional(),
  hostPath: text.optional(),
  /** In the repository of its namespace. */
  snapshot: text,
  bytes: z.number(),
  files: z.number(),
});

/** A volume that was saved; its files follow it. */
export type SavedVolume = z.infer<typeof volumeSchema>;

const fileSchema = z.strictObject({
  path: text.optional(),
  /** Base64, where the name is no UTF-8. */
  pathBytes: text.optional(),
  kind: z.enum(['file', 'directory', 'link', 'other']),
  mode: text,
  uid: z.number(),
  gid: z.number(),
  bytes: z.number().optional(),
  sha256: text.optional(),
  target: text.optional(),
  targetBytes: text.optional(),
  /** It changed while the volume was saved: what was saved of it may be what was before or after. */
  moving: z.literal(true).optional(),
});

const lineSchema = z.union([
  z.strictObject({ schema: z.literal(filesSchema), backup: text }),
  z.strictObject({ volume: volumeSchema }),
  z.strictObject({ file: fileSchema }),
  z.strictObject({ end: z.literal(filesSchema), volumes: z.number(), files: z.number() }),
]);

/** A file of a saved volume. */
export interface SavedFile extends Omit<ListedFile, 'changed'> {
  readonly moving: boolean;
}

export type FilesLine =
  | { readonly backup: string }
  | { readonly volume: SavedVolume }
  | { readonly file: SavedFile }
  | { readonly end: { readonly volumes: number; readonly files: number } };

function line(value: z.infer<typeof lineSchema>): string {
  return `${JSON.stringify(value)}\n`;
}

export function filesHeader(backup: string): string {
  return line({ schema: filesSchema, backup });
}

export function volumeLine(volume: SavedVolume): string {
  return line({ volume });
}

export function filesEnd(volumes: number, files: number): string {
  return line({ end: filesSchema, volumes, files });
}

function isText(bytes: Buffer): boolean {
  return Buffer.from(bytes.toString('utf8'), 'utf8').equals(bytes);
}

function named(key: 'path' | 'target', bytes: Buffer): Record<string, string> {
  return isText(bytes) ? { [key]: bytes.toString('utf8') } : { [`${key}Bytes`]: bytes.toString('base64') };
}

export function fileLine({ path, target, changed: _changed, ...rest }: ListedFile, moving: boolean): string {
  return line({
    file: {
      ...named('path', path),
      ...rest,
      ...(target === undefined ? {} : named('target', target)),
      ...(moving ? { moving } : {}),
    },
  });
}

function bytesOf(plain: string | undefined, encoded: string | undefined): Buffer | undefined {
  if (encoded !== undefined) return Buffer.from(encoded, 'base64');
  return plain === undefined ? undefined : Buffer.from(plain, 'utf8');
}

function toFile({ path, pathBytes, target, targetBytes, moving, ...rest }: z.infer<typeof fileSchema>): SavedFile {
  const { kind, mode, uid, gid, bytes, sha256 } = rest;
  const link = bytesOf(target, targetBytes);
  return {
    path: bytesOf(path, pathBytes) ?? Buffer.alloc(0),
    kind,
    mode,
    uid,
    gid,
    ...(bytes === undefined ? {} : { bytes }),
    ...(sha256 === undefined ? {} : { sha256 }),
    ...(link === undefined ? {} : { target: link }),
    moving: moving === true,
  };
}

/** `undefined` for a line that no backup of ours has. */
export function parseFilesLine(content: string): FilesLine | undefined {
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch {
    return undefined;
  }
  const parsed = lineSchema.safeParse(json);
  if (!parsed.success) return undefined;
  const { data } = parsed;
  if ('file' in data) return { file: toFile(data.file) };
  if ('end' in data) return { end: { volumes: data.volumes, files: data.files } };
  return 'volume' in data ? { volume: data.volume } : { backup: data.backup };
}
