// Which proxy the environment names for an address, by Go's rules (golang.org/x/net/http/httpproxy), which kubectl follows.

import { isIP } from 'node:net';
import { cidrContainsAddress, parseCidr, parseIpAddress } from '../kube/cidr.ts';
import type { Environment } from './kubeconfig/read-kubeconfig.ts';

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.startsWith('127.') || host === '::1';
}

function isInBlock(rule: string, host: string): boolean {
  const block = parseCidr(rule);
  const address = parseIpAddress(host);
  return block !== undefined && address !== undefined && cidrContainsAddress(block, address);
}

function matchesRule(rule: string, host: string, port: string): boolean {
  if (rule === '*') return true;
  if (rule.includes('/')) return isInBlock(rule, host);
  const [, name = rule, rulePort] = /^(\[[^\]]*\]|[^:]*):(\d+)$/.exec(rule) ?? [];
  if (rulePort !== undefined && rulePort !== port) return false;
  const bare = name.replace(/^\[|\]$/g, '').replace(/^\*(?=\.)/, '');
  if (isIP(bare) !== 0) return bare === host;
  return bare.startsWith('.') ? host.endsWith(bare) : host === bare || host.endsWith(`.${bare}`);
}

/** The proxy for `server` by `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, capital or not; loopback is never proxied. */
export function findProxy(server: URL, environment: Environment): string | undefined {
  const read = (name: string): string | undefined => environment[name] || environment[name.toLowerCase()] || undefined;
  const proxy = read(server.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY');
  const host = server.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (proxy === undefined || isLoopback(host)) return undefined;
  const port = server.port || (server.protocol === 'https:' ? '443' : '80');
  const rules = (read('NO_PROXY') ?? '')
    .toLowerCase()
    .split(',')
    .map((rule) => rule.trim());
  if (rules.some((rule) => rule !== '' && matchesRule(rule, host, port))) return undefined;
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}
