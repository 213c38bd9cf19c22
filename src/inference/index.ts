// The smallest policies and roles that evidence asks for: what other rooms may use.

export * from './network-policy/index.ts';
export * from './rbac/index.ts';
