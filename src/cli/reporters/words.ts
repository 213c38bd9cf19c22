// Words that several reporters use for the same thing.

import type { ReportSource } from '../../journey/report.ts';
import { type Finding, type Owner, type Subject } from '../../model/index.ts';
import { visible } from '../style.ts';

export const ownerWords: Readonly<Record<Owner, string>> = {
  developer: 'developer',
  'cluster-administrator': 'cluster administrator',
  provider: 'provider',
};

/** `1 step`, `4 steps`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** `25 objects from 8 files`, `120 objects of minikube, which runs v1.34.2`. */
export function sourceWords({ objects, files, cluster, joined }: ReportSource): string {
  if (cluster === undefined) return `${count(objects, 'object')} from ${count(files, 'file')}`;
  const where = cluster.namespaces.length === 0 ? '' : ` in ${cluster.namespaces.map(visible).join(', ')}`;
  const declared = joined === undefined ? '' : `, held against ${count(files, 'file')}`;
  const saved = cluster.savedOn === undefined ? '' : `, saved on ${cluster.savedOn}`;
  return `${count(objects, 'object')} of ${visible(cluster.context)}${where}, which runs ${visible(cluster.serverVersion)}${saved}${declared}`;
}

/** `web.yaml:12`, or nothing for what has no place. */
/** What was read, as a headline. */
export function shownSource(source: string): string {
  return source === '.' ? 'this folder' : visible(source);
}

export function placeOf({ position }: Pick<Finding, 'position'>): string {
  return position === undefined ? '' : visible(`${position.file}:${position.line}`);
}

/** `Deployment shop/web, container nginx`; nothing for the app as a whole. */
export function subjectOf({ apiVersion, kind, namespace, name, container }: Subject): string {
  if (apiVersion === 'nowwhat.dev/v1' && kind === 'App') return '';
  const where = namespace === '' ? '' : `${namespace}/`;
  return visible(`${kind} ${where}${name}${container === undefined ? '' : `, container ${container}`}`);
}

/** `about 20 minutes`, `about 3 hours`. */
export function effort(minutes: number): string {
  return minutes >= 120 ? `about ${Math.round(minutes / 60)} hours` : `about ${minutes} minutes`;
}

/** What settles an unknown of a check that does not say it itself. */
export const usualSettler = 'a look at the target cluster';

/** Words with spaces in quotes, as somebody would type them. */
export function commandText(command: readonly string[]): string {
  return command.map((word) => (/^[\w./:=@%+,-]+$/.test(word) ? word : JSON.stringify(word))).join(' ');
}
