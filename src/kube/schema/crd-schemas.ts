// Custom kinds that the input defines, found by group and kind. What compiles their schemas is loaded only where there are some.

import type { JsonObject } from '../../model/index.ts';
import { anyNode, type SchemaNode } from './schema-node.ts';

export interface CrdVersion {
  readonly name: string;
  readonly schema: JsonObject;
  /** True where fields that the schema does not list are kept: v1beta1 without pruning, or no schema at all. */
  readonly keepsUnknown: boolean;
}

export interface CustomKind {
  readonly group: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** Served versions only. */
  readonly versions: readonly CrdVersion[];
}

/** Turns the schema of a version into nodes. The second argument is `CrdVersion.keepsUnknown`. */
type CompileCustomResource = (schema: JsonObject, keepsUnknown: boolean) => SchemaNode;

/** Custom kinds by group and kind; a version's schema is compiled when it is first asked for. */
export class CrdSchemas {
  private readonly kinds: ReadonlyMap<string, CustomKind>;
  private readonly compiled = new Map<CrdVersion, SchemaNode>();

  private readonly compile: CompileCustomResource;

  constructor(kinds: readonly CustomKind[], compile: CompileCustomResource) {
    this.compile = compile;
    this.kinds = new Map(kinds.map((each) => [`${each.group}/${each.kind}`, each]));
  }

  kindNamed(group: string, kind: string): CustomKind | undefined {
    return this.kinds.get(`${group}/${kind}`);
  }

  versionsOf(group: string, kind: string): string[] {
    return (this.kindNamed(group, kind)?.versions ?? []).map((version) => version.name);
  }

  schemaOf(group: string, version: string, kind: string): SchemaNode | undefined {
    const found = this.kindNamed(group, kind)?.versions.find((each) => each.name === version);
    if (found === undefined) return undefined;
    const known = this.compiled.get(found);
    if (known !== undefined) return known;
    const node = this.compile(found.schema, found.keepsUnknown);
    this.compiled.set(found, node);
    return node;
  }
}

/** For an input without definitions. */
export const noCrds = new CrdSchemas([], () => anyNode);
