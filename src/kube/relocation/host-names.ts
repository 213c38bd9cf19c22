// What a host name says of a namespace, and what it becomes when that namespace moves.

import type { Relocation } from './relocation.ts';

/** What is known of the place where a name stands in a text. */
export interface Standing {
  /** A dot stands before it: what is before that is not part of the name, as in `${POD}.db.shop.svc`. */
  readonly isTail: boolean;
  /** A scheme, a port, a login or the end of the text on both sides say that it is a host. */
  readonly isHost: boolean;
  /** Why it is none, though it looks like one: it is a mail address, a key, a part of a path. */
  readonly objection?: string;
}

/** The new name; why it stays; or nothing to tell. */
export type Verdict = { readonly name: string } | { readonly reason: string } | undefined;

function replaceAt(labels: readonly string[], index: number, label: string): Verdict {
  return { name: labels.map((each, at) => (at === index ? label : each)).join('.') };
}

/** Index of `svc` or `pod` where what follows is the end of a cluster's name. */
function zoneAt(labels: readonly string[]): number {
  return labels.findLastIndex((label, index) => index > 0 && /^(?:svc|pod)$/i.test(label));
}

/** A name that ends as the cluster's names do. */
interface Zoned {
  readonly labels: readonly string[];
  /** Index of `svc` or `pod`. */
  readonly at: number;
  readonly namespace: string;
  /** Behind it; '' for a short name. */
  readonly domain: string;
  /** Nothing stands before the namespace. */
  readonly isBare: boolean;
}

function judgeMoved({ labels, at, domain, isBare }: Zoned, moved: string, moving: Relocation): Verdict {
  if (domain !== '' && !moving.domains.includes(domain))
    return judgePublic(labels.join('.'), moving) ?? { reason: `ends in ${domain}, not the cluster's domain` };
  if (labels[at]?.toLowerCase() === 'pod') return { reason: 'is the address of one pod, and the copy has others' };
  if (isBare && domain === '') return { reason: 'may be the end of a name, or a Service of a namespace "svc"' };
  return replaceAt(labels, at - 1, moved);
}

/** A Service elsewhere is told of: the copy will call it too. */
function judgeStaying({ labels, at, namespace, domain, isBare }: Zoned, moving: Relocation): Verdict {
  const isOurs = domain === '' || moving.domains.includes(domain);
  if (!isOurs) return judgePublic(labels.join('.'), moving);
  if (isBare || labels[at]?.toLowerCase() !== 'svc') return undefined;
  return { reason: `leads to the namespace ${namespace}, which stays: the copy calls it too` };
}

function judgeZoned(labels: readonly string[], at: number, { isTail }: Standing, moving: Relocation): Verdict {
  const namespace = (labels[at - 1] ?? '').toLowerCase();
  const domain = labels
    .slice(at + 1)
    .join('.')
    .toLowerCase();
  const zoned = { labels, at, namespace, domain, isBare: at === 1 && !isTail };
  const moved = moving.namespaces.get(namespace);
  return moved === undefined ? judgeStaying(zoned, moving) : judgeMoved(zoned, moved, moving);
}

/** `service.namespace`, and with more evidence `pod.service.namespace` of a headless Service. */
function judgeShort(labels: readonly string[], standing: Standing, moving: Relocation): Verdict {
  const namespace = (labels.at(-1) ?? '').toLowerCase();
  const moved = moving.namespaces.get(namespace);
  if (moved === undefined || labels.length > 3) return undefined;
  const isKnown = moving.services.has(`${namespace}/${(labels.at(-2) ?? '').toLowerCase()}`);
  if (!isKnown) return standing.isHost ? { reason: `no Service of ${namespace} has this name` } : undefined;
  if (standing.objection !== undefined) return { reason: standing.objection };
  if (labels.length === 3 && !standing.isHost) return { reason: 'may be a host, or a word of a program' };
  return replaceAt(labels, labels.length - 1, moved);
}

/** `name` has no dot at its ends. Names are compared without regard to case, and what does not move keeps its own. */
export function judgeHost(name: string, standing: Standing, moving: Relocation): Verdict {
  const labels = name.split('.');
  if (labels.length === 1) return undefined;
  const at = zoneAt(labels);
  if (at > 0) return judgeZoned(labels, at, standing, moving);
  if (/^[0-9.]+$/.test(name)) return judgeAddress(name, moving);
  return judgePublic(name, moving) ?? judgeShort(labels, standing, moving);
}

function judgeAddress(name: string, { addresses }: Relocation): Verdict {
  const service = addresses.get(name);
  return service === undefined
    ? undefined
    : { reason: `is the address of the Service ${service}: name the Service instead, its copy gets another address` };
}

function judgePublic(name: string, { hosts }: Relocation): Verdict {
  const mapped = hosts.inText(name);
  return mapped === undefined || mapped === name ? undefined : { name: mapped };
}
