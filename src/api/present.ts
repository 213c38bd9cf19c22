// Optional fields as `exactOptionalPropertyTypes` wants them: left out, never `undefined`.

/** The fields that have a value. */
export function present<T extends object>(fields: { [K in keyof T]?: T[K] | undefined }): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}
