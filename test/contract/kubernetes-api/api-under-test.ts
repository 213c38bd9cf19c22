// The two servers that the contract is held to: the playground, always, and a real API server where NOWWHAT_TEST_KUBECONFIG
// names one that may be thrown away. Requests are sent as they are written, past the program's own client.

import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, vi } from 'vitest';
import { readConnection } from '../../../src/api/index.ts';
import { createTransport, type Sending } from '../../../src/api/http/transport.ts';
import type { Credential } from '../../../src/api/credentials/credentials.ts';
import type { Connection } from '../../../src/api/connection.ts';
import type { JsonObject } from '../../../src/model/index.ts';
import { type Scripts, startPlayground } from '../../../src/playground/index.ts';

/** Answers are looked into in a hundred places. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Loose = Record<string, any>;

export interface Reply {
  readonly code: number;
  readonly body: Loose;
  readonly text: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface Ask {
  readonly method?: string;
  readonly body?: unknown;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** In the place of the administrator's own credentials. */
  readonly token?: string;
}

export interface Watching {
  /** The next event, whatever it is. */
  readonly next: () => Promise<Loose>;
  /** The next event that fits; others are passed over. */
  readonly until: (fits: (event: Loose) => boolean) => Promise<Loose>;
  /** Resolves with all that came until the server ended the watch. */
  readonly rest: () => Promise<Loose[]>;
  readonly close: () => void;
}

export interface Api {
  readonly isReal: boolean;
  /** An image whose `sleep`, `echo`, `cat` and `sh` work. */
  readonly image: string;
  readonly connection: Connection;
  readonly ask: (path: string, ask?: Ask) => Promise<Reply>;
  readonly get: (path: string) => Promise<Reply>;
  readonly post: (path: string, body: unknown) => Promise<Reply>;
  readonly put: (path: string, body: unknown) => Promise<Reply>;
  readonly remove: (path: string, options?: JsonObject) => Promise<Reply>;
  readonly patch: (path: string, kind: 'json' | 'merge' | 'strategic-merge', body: unknown) => Promise<Reply>;
  readonly apply: (path: string, manager: string, body: JsonObject, more?: string) => Promise<Reply>;
  readonly watch: (path: string) => Promise<Watching>;
  /** A new namespace with its default service account, gone when the suite ends. */
  readonly namespace: () => Promise<string>;
  /** Repeats a request until its reply fits. */
  readonly eventually: (path: string, fits: (reply: Reply) => boolean) => Promise<Reply>;
  readonly close: () => Promise<void>;
}

const realKubeconfig = process.env['NOWWHAT_TEST_KUBECONFIG'];

function parseBody(text: string): Loose {
  try {
    return JSON.parse(text) as Loose;
  } catch {
    return {};
  }
}

interface Opened {
  readonly connection: Connection;
  readonly isReal: boolean;
  readonly stop: () => Promise<void>;
}

async function openApi({ connection, isReal, stop }: Opened): Promise<Api> {
  const transport = createTransport(connection, 16);
  const base = new URL(connection.server).pathname.replace(/\/$/, '');
  const namespaces: string[] = [];

  async function send<T>(
    way: (certificate: Credential['certificate'], request: Sending) => Promise<T>,
    path: string,
    { method = 'GET', body, type = 'application/json', headers = {}, token: other }: Ask = {},
  ): Promise<T> {
    const credential: Credential = other === undefined ? await connection.credentials.current() : { token: other };
    const { token, certificate } = credential;
    return way(certificate, {
      path: base + path,
      method: method as 'GET',
      headers: {
        'user-agent': 'contract/1',
        accept: 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': type }),
        ...headers,
      },
      body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  async function ask(path: string, what: Ask = {}): Promise<Reply> {
    const response = await send(transport.send, path, what);
    const text = response.body.toString('utf8');
    return { code: response.status, body: parseBody(text), text, headers: response.headers };
  }

  async function watch(path: string): Promise<Watching> {
    const response = await send(transport.open, path);
    const events: Loose[] = [];
    let wake: () => void = () => undefined;
    let ended = false;
    let buffer = '';
    response.body.setEncoding('utf8');
    response.body.on('data', (chunk: string) => {
      buffer += chunk;
      const lines = buffer.split('\n');
      buffer = lines.pop() ?? '';
      for (const line of lines) if (line !== '') events.push(parseBody(line));
      wake();
    });
    const end = (): void => {
      ended = true;
      wake();
    };
    response.body.once('end', end).once('error', end).once('close', end);
    const more = (): Promise<void> =>
      new Promise((resolve) => {
        wake = resolve;
      });
    async function next(): Promise<Loose> {
      for (;;) {
        const event = events.shift();
        if (event !== undefined) return event;
        if (ended) throw new Error('the watch has ended');
        await more();
      }
    }
    return {
      next,
      until: async (fits) => {
        for (;;) {
          const event = await next();
          if (fits(event)) return event;
        }
      },
      rest: async () => {
        while (!ended) await more();
        return events.splice(0);
      },
      close: () => response.body.destroy(),
    };
  }

  const post = (path: string, body: unknown): Promise<Reply> => ask(path, { method: 'POST', body });
  const eventually = (path: string, fits: (reply: Reply) => boolean): Promise<Reply> =>
    vi.waitFor(
      async () => {
        const reply = await ask(path);
        if (!fits(reply)) throw new Error(`not yet: ${reply.text.slice(0, 2000)}`);
        return reply;
      },
      { timeout: 60_000, interval: isReal ? 200 : 10 },
    );

  return {
    isReal,
    image: process.env['NOWWHAT_TEST_IMAGE'] ?? 'busybox:1',
    connection,
    ask,
    get: (path) => ask(path),
    post,
    put: (path, body) => ask(path, { method: 'PUT', body }),
    remove: (path, options) => ask(path, { method: 'DELETE', ...(options === undefined ? {} : { body: options }) }),
    patch: (path, kind, body) => ask(path, { method: 'PATCH', body, type: `application/${kind}-patch+json` }),
    apply: (path, manager, body, more = '') =>
      ask(`${path}?fieldManager=${manager}${more}`, { method: 'PATCH', body, type: 'application/apply-patch+yaml' }),
    watch,
    namespace: async () => {
      const name = `contract-${randomBytes(4).toString('hex')}`;
      await post('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
      namespaces.push(name);
      await eventually(`/api/v1/namespaces/${name}/serviceaccounts/default`, ({ code }) => code === 200);
      await eventually(`/api/v1/namespaces/${name}/configmaps/kube-root-ca.crt`, ({ code }) => code === 200);
      return name;
    },
    eventually,
    close: async () => {
      for (const name of namespaces) await ask(`/api/v1/namespaces/${name}`, { method: 'DELETE' });
      await transport.close();
      await stop();
    },
  };
}

async function openPlayground(scripts: Scripts): Promise<Api> {
  const playground = await startPlayground({ scripts });
  const folder = await mkdtemp(join(tmpdir(), 'playground-'));
  const path = join(folder, 'config');
  await writeFile(path, playground.kubeconfig());
  const connection = await readConnection({ path, environment: {} });
  const stop = async (): Promise<void> => {
    await playground.settled();
    await playground.close();
    await rm(folder, { recursive: true });
  };
  return openApi({ connection, isReal: false, stop });
}

async function openReal(): Promise<Api> {
  const connection = await readConnection({ path: realKubeconfig ?? '', environment: {} });
  return openApi({ connection, isReal: true, stop: async () => undefined });
}

/** Runs a suite against each server. `scripts` say what exec and logs of the playground's pods answer. */
export function contract(title: string, suite: (api: Api) => void, scripts: Scripts = {}): void {
  const servers = [
    { name: 'playground', open: () => openPlayground(scripts) },
    ...(realKubeconfig === undefined ? [] : [{ name: 'real API server', open: openReal }]),
  ];
  describe.each(servers)(`${title} ($name)`, ({ open }) => {
    let opened: Api | undefined;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(async () => {
      await opened?.close();
    });
    // The suite gets its API before that is open: tests look at it when they run.
    suite(
      new Proxy({} as Api, {
        get: (_target, key) => {
          if (opened === undefined) throw new Error('the API is not open yet');
          return opened[key as keyof Api];
        },
      }),
    );
  });
}
