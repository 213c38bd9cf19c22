// The places of a node that host-paths.ts knows, as patterns over a path as it is written: for policies, which cannot normalise a text.

import { runtimeSockets, type SensitivePath, sensitivePaths } from './host-paths.ts';

const slash = '[/\\\\]+';
const windowsPipe = '//./';

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** `/var/run` is `/run`; more slashes than one, and slashes the other way round, mean one. */
function pathPattern(path: string): string {
  const steps = path.split('/').filter((step) => step !== '');
  const words = steps.map((step) => escape(step));
  if (/^[a-z]:/.test(path)) return `(?i:${words.join(slash)})`;
  const start = steps[0] === 'run' ? `${slash}(?:var${slash})?` : slash;
  return start + words.join(slash);
}

/** Windows keeps pipes under a name of its own, in which slashes are not doubled. */
function pipePattern(path: string): string {
  const [, , , folder = '', name] = path.split('/');
  const step = '[/\\\\]';
  return `${step}${step}\\.${step}(?i:${escape(folder)}${name === undefined ? '' : `${step}${escape(name)}`})`;
}

/** The socket, and the folders it is in but the root. */
function placesOf(socket: string): string[] {
  if (socket.startsWith(windowsPipe)) return [socket.slice(0, socket.lastIndexOf('/')), socket].map(pipePattern);
  const steps = socket.split('/').slice(1);
  return steps.map((_, index) => pathPattern(`/${steps.slice(0, index + 1).join('/')}`));
}

function sensitivePattern({ path, below }: SensitivePath): string {
  return path === '/' ? '' : `${pathPattern(path)}${below ? `(?:${slash}.*)?` : ''}`;
}

function anyOf(patterns: readonly string[]): string {
  return `^(?:${[...new Set(patterns)].join('|')})[/\\\\]*$`;
}

/** RE2: matches where a socket of the container runtime is, and the folders that hold it. */
export const socketPattern = anyOf(runtimeSockets.flatMap(placesOf));

/** RE2: matches the other places that lead to the rest of the node. The empty alternative is the root. */
export const sensitivePlacePattern = anyOf(sensitivePaths.map(sensitivePattern));
