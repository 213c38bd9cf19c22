// What a value of JSON is, as it comes from YAML, JSON or the Kubernetes API.

/** A number that a double cannot give back is kept as a text of its own kind: see `isExactNumber`. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}
