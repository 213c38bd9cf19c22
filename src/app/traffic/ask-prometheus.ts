// Asks Prometheus for the counters of a mesh: reads of its query API, nothing else.

import { UserError } from '../../model/index.ts';
import { FlowLines, meshQueries } from '../../traffic/index.ts';
import { type Recorded, toRecorded } from './read-flows.ts';

export interface PrometheusWish {
  /** Address of the server, with any path before `/api/v1`. */
  readonly url: string;
  /** As Prometheus writes it: `1h`. */
  readonly range: string;
}

/** Milliseconds. */
const patience = 30_000;

function queryUrl(base: string, query: string): URL {
  const url = new URL(base);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new TypeError('not http');
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/api/v1/query`;
  url.searchParams.set('query', query);
  return url;
}

function parseUrl(base: string, query: string): URL {
  try {
    return queryUrl(base, query);
  } catch (error) {
    const advice = 'Write it as http://localhost:9090.';
    throw new UserError('invalid-option', `"${base}" is not the address of a Prometheus`, advice, error);
  }
}

async function ask(url: URL): Promise<string> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(patience), redirect: 'error' });
    return await answer.text();
  } catch (error) {
    throw new UserError(
      'prometheus-unreachable',
      `Prometheus at ${url.host} does not answer`,
      'Is the address right? In a cluster: kubectl port-forward to it first.',
      error,
    );
  }
}

/** One question for each kind of counter; a mesh that is not there has no answer to its own. Throws `UserError`. */
export async function askPrometheus({ url, range }: PrometheusWish): Promise<Recorded> {
  const { host } = parseUrl(url, '');
  const lines = new FlowLines(host);
  for (const query of meshQueries(range)) lines.take((await ask(parseUrl(url, query))).replaceAll('\n', ' '));
  return toRecorded('prometheus', host, lines.end());
}
