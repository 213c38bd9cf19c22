// Objects of namespaces that are made anew in others: their references follow.

export { parseHostRules } from './host-rules.ts';
export { type RelocatedObject, relocateObject } from './relocate-object.ts';
export {
  clusterDomain,
  type HostMap,
  type LeftAlone,
  type Relocation,
  type Rewrite,
  type UndecidedHost,
} from './relocation.ts';
export { decodeUtf8, encodeUtf8 } from './utf8.ts';
