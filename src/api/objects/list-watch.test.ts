import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGzip } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  answerJson,
  answerStatus,
  type Asked,
  connectionTo,
  listenOnLoopback,
  type Respond,
} from '../../../test/kubernetes/loopback-server.ts';
import { createManualClock } from '../../../test/kubernetes/manual-clock.ts';
import { pods } from '../../../test/kubernetes/resources.ts';
import { createClient } from '../http/client.ts';
import { listAll, listItems, listPageBytes, listPages } from './list-pages.ts';
import type { ListOptions } from './list-options.ts';
import { readChanges } from './read-changes.ts';
import { readLines } from './read-lines.ts';
import { type WatchEvent, watchFrom } from './watch.ts';

async function start(respond: Respond) {
  const server = await listenOnLoopback(respond);
  const clock = createManualClock();
  const client = createClient(connectionTo(server.url), { clock });
  onTestFinished(() => client.close());
  return { server, client, clock };
}

const pod = (n: number) => ({ metadata: { name: `p${n}`, resourceVersion: String(n) }, 'x-unknown': n });

/** Serves `count` pods in pages; `expire` says which requests with a token are answered with 410, and whether with a new token. */
function paged(count: number, expire: (request: number) => 'no' | 'gone' | 'gone-with-token' = () => 'no'): Respond {
  return (asked, response, request) => {
    const token = asked.query.get('continue');
    const verdict = token === null ? 'no' : expire(request);
    if (verdict !== 'no') {
      const metadata = verdict === 'gone' ? {} : { continue: `new:${token!.split(':')[1]}` };
      return answerJson(response, { kind: 'Status', reason: 'Expired', code: 410, metadata }, 410);
    }
    const from = Number(token?.split(':')[1] ?? 0);
    const to = Math.min(count, from + Number(asked.query.get('limit') ?? count));
    answerJson(response, {
      kind: 'PodList',
      apiVersion: 'v1',
      metadata: {
        resourceVersion: '77',
        ...(to < count ? { continue: `old:${to}`, remainingItemCount: count - to } : {}),
      },
      items: Array.from({ length: to - from }, (_, at) => pod(from + at)),
    });
  };
}

async function pagesOf(respond: Respond, options: ListOptions = {}) {
  const { client, server } = await start(respond);
  const pages = [];
  for await (const page of listPages(client, pods, { pageSize: 3, ...options })) pages.push(page);
  return {
    pages,
    server,
    names: pages.flatMap((page) => page.items.map((item) => (item['metadata'] as { name: string }).name)),
  };
}

describe('changes since a list', () => {
  const event = (type: string, name: string) => `${JSON.stringify({ type, object: { metadata: { name } } })}\n`;
  const asked = { resourceVersion: '7', quiet: 50, most: 3 };

  it('are what a watch tells before it falls silent', async () => {
    const { client, server } = await start((_asked, response) => {
      response.write(event('ADDED', 'a') + event('BOOKMARK', ''));
      response.write(event('DELETED', 'b'));
    });
    const events = await readChanges(client, pods, { ...asked, namespace: 'shop' });
    expect(events?.map(({ type }) => type)).toEqual(['ADDED', 'DELETED']);
    expect(server.asked[0]?.query.get('resourceVersion')).toBe('7');
  });

  it('end where nobody wants to know more', async () => {
    const { client } = await start((_asked, response) => void response.write(event('ADDED', 'a').repeat(9)));
    expect(await readChanges(client, pods, { ...asked, quiet: 60_000 })).toHaveLength(3);
  });

  it('are unknown where the version is forgotten, watching is refused or the connection breaks', async () => {
    const gone = `${JSON.stringify({ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } })}\n`;
    for (const respond of [
      (_asked, response) => void response.end(gone),
      (_asked, response) => answerStatus(response, 403, 'Forbidden'),
      (_asked, response) => {
        response.write(event('ADDED', 'a'));
        setTimeout(() => response.destroy(), 10);
      },
    ] satisfies Respond[]) {
      const { client } = await start(respond);
      expect(await readChanges(client, pods, { ...asked, quiet: 500 })).toBeUndefined();
    }
  });
});

describe('pages as bytes', () => {
  it('say what the parsed ones say, and go on after an expired token', async () => {
    const respond = paged(7, (request) => (request === 2 ? 'gone-with-token' : 'no'));
    const { client } = await start(respond);
    const pages = [];
    for await (const page of listPageBytes(client, pods, { pageSize: 3 })) pages.push(page);
    const parsed = await pagesOf(respond);
    expect(pages.map(({ bytes }) => (JSON.parse(bytes.toString()) as { items: unknown[] }).items.length)).toEqual([
      3, 3, 1,
    ]);
    expect(pages.map(({ bytes: _bytes, ...rest }) => rest)).toEqual(
      parsed.pages.map(({ items: _items, ...rest }) => rest),
    );
    expect(pages.at(-1)?.inconsistent).toBe(true);
  });

  it('are gone through object by object', async () => {
    const { client } = await start(paged(7));
    const [found, left]: [unknown[], unknown[]] = [[], []];
    for await (const { items, remaining } of listItems(client, pods, { pageSize: 3 })) {
      found.push(...items);
      left.push(remaining);
    }
    const { pages } = await pagesOf(paged(7));
    expect(found).toEqual(pages.flatMap(({ items }) => items));
    expect(left).toEqual(pages.map(({ remaining }) => remaining));
  });

  it('find the next page where a list says last what it is', async () => {
    const { client } = await start((asked, response) => {
      const isSecond = asked.query.get('continue') === 'next';
      answerJson(response, {
        items: [],
        metadata: { resourceVersion: '7', ...(isSecond ? {} : { continue: 'next' }) },
      });
    });
    const versions = [];
    for await (const { resourceVersion } of listPageBytes(client, pods)) versions.push(resourceVersion);
    expect(versions).toEqual(['7', '7']);
  });

  const page = (items: number, token: string) =>
    JSON.stringify({
      kind: 'PodList',
      apiVersion: 'v1',
      metadata: { resourceVersion: '77', ...(token === '' ? {} : { continue: token }) },
      items: Array.from({ length: items }, (_, at) => pod(at)),
    });
  const tokensOf = ({ asked }: { readonly asked: readonly Asked[] }) =>
    asked.map(({ query }) => query.get('continue') ?? '');

  it.each(['packed', 'plain'])('ask for the next one while a %s page is still on its way', async (how) => {
    let endFirst = (): unknown => undefined;
    const { client, server } = await start((_asked, response, before) => {
      endFirst();
      if (before > 0) return void response.end(page(1, ''));
      const [head, rest] = [page(2, 'next').slice(0, 120), page(2, 'next').slice(120)];
      if (how === 'plain') {
        response.write(head);
        endFirst = () => response.end(rest);
        return;
      }
      response.writeHead(200, { 'content-encoding': 'gzip' });
      const packer = createGzip();
      packer.pipe(response);
      packer.write(head);
      packer.flush();
      endFirst = () => packer.end(rest);
    });
    const pages = [];
    for await (const { bytes } of listPageBytes(client, pods)) pages.push(bytes.toString());
    expect(pages).toEqual([page(2, 'next'), page(1, '')]);
    expect(tokensOf(server)).toEqual(['', 'next']);
  });

  it('are asked for one ahead of the one that is wanted', async () => {
    const { client, server } = await start((asked, response) => {
      const at = Number(asked.query.get('continue') ?? 0);
      response.end(page(1, at === 5 ? '' : String(at + 1)));
    });
    const pages = listPageBytes(client, pods);
    for (const ahead of ['1', '2', '3']) {
      await pages.next();
      await vi.waitFor(() => expect(tokensOf(server).at(-1)).toBe(ahead));
      // It comes, and leads on.
      await sleep(20);
      expect(tokensOf(server).at(-1)).toBe(ahead);
    }
    await pages.return(undefined);
  });

  it('go on from the whole page, not from one that broke off', async () => {
    let breakOff = (): unknown => undefined;
    const { client, server } = await start((asked, response, before) => {
      const token = asked.query.get('continue');
      if (before === 0) {
        response.write(page(2, 'early').slice(0, 120));
        breakOff = () => response.destroy();
      } else if (token === 'early') {
        response.end(page(9, ''));
        breakOff();
      } else response.end(token === 'later' ? page(1, '') : page(2, 'later'));
    });
    const pages = [];
    for await (const { bytes } of listPageBytes(client, pods)) pages.push(bytes.toString());
    expect(pages).toEqual([page(2, 'later'), page(1, '')]);
    expect(tokensOf(server)).toEqual(['', 'early', '', 'later']);
  });

  it('that are no list are refused', async () => {
    const { client } = await start((_asked, response) => void response.end('<html>'));
    await expect(listPageBytes(client, pods).next()).rejects.toThrow('is not a list');
  });
});

describe('a list', () => {
  it('comes in pages, each object whole and with its kind', async () => {
    const { pages, server, names } = await pagesOf(paged(8), {
      namespace: 'shop',
      labelSelector: 'a=b',
      fieldSelector: 'c=d',
    });
    expect(names).toEqual(['p0', 'p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p7']);
    expect(pages[0]).toEqual({
      items: [0, 1, 2].map((n) => ({ apiVersion: 'v1', kind: 'Pod', ...pod(n) })),
      resourceVersion: '77',
      remaining: 5,
      inconsistent: false,
      restarted: false,
    });
    expect(server.asked.map(({ path, query }) => `${path}?${query.toString()}`)).toEqual([
      '/api/v1/namespaces/shop/pods?limit=3&labelSelector=a%3Db&fieldSelector=c%3Dd',
      '/api/v1/namespaces/shop/pods?limit=3&continue=old%3A3&labelSelector=a%3Db&fieldSelector=c%3Dd',
      '/api/v1/namespaces/shop/pods?limit=3&continue=old%3A6&labelSelector=a%3Db&fieldSelector=c%3Dd',
    ]);
  });

  it('that expires goes on with newer objects, and says so', async () => {
    const { pages, names } = await pagesOf(paged(7, (request) => (request === 1 ? 'gone-with-token' : 'no')));
    expect(pages.map(({ inconsistent }) => inconsistent)).toEqual([false, true, true]);
    expect(names).toHaveLength(7);
  });

  it.each(['gone', 'gone-with-token'] as const)(
    'that expires (%s) begins anew where it must be of one moment',
    async (verdict) => {
      const { pages, server } = await pagesOf(
        paged(7, (request) => (request === 1 ? verdict : 'no')),
        { whenExpired: 'restart' },
      );
      expect(pages.map(({ restarted }) => restarted)).toEqual([false, true, false, false]);
      expect(server.asked).toHaveLength(5);
    },
  );

  it('that expires again is asked for at once', async () => {
    const { client, server } = await start(paged(7, () => 'gone'));
    const { items } = await listAll(client, pods, { pageSize: 3 });
    expect(items).toHaveLength(7);
    expect(server.asked.at(-1)?.query.get('limit')).toBeNull();
  });

  it('fails on its own 410 and on any other refusal', async () => {
    await expect(pagesOf((_asked, response) => answerStatus(response, 410, 'Expired'))).rejects.toMatchObject({
      status: 410,
    });
    const second: Respond = (asked, response, count) =>
      count === 0 ? void paged(9)(asked, response, count) : answerStatus(response, 403, 'Forbidden');
    await expect(pagesOf(second)).rejects.toMatchObject({ status: 403 });
  });

  it.each([{}, { items: {} }, '<html>', { kind: 'Status', status: 'Success' }])(
    'is not taken for empty where the answer is another: %j',
    async (answer) => {
      for (const omitManagedFields of [true, false]) {
        const reading = pagesOf(
          (_, response) => void response.end(answer === '<html>' ? answer : JSON.stringify(answer)),
          {
            omitManagedFields,
          },
        );
        await expect(reading).rejects.toMatchObject({ code: 'cluster-failed' });
      }
    },
  );

  it('without items is empty: Go writes null', async () => {
    const { names } = await pagesOf((_, response) => answerJson(response, { kind: 'PodList', items: null }));
    expect(names).toEqual([]);
  });

  it('that leads from a page to the same page ends', async () => {
    const reading = pagesOf((_, response) =>
      answerJson(response, { kind: 'PodList', metadata: { continue: 'again' }, items: [pod(1)] }),
    );
    await expect(reading).rejects.toThrow('without end');
  });

  it('that nobody reads to its end asks for no more', async () => {
    const { client, server } = await start(paged(100));
    for await (const page of listPages(client, pods, { pageSize: 2 })) if (page.items.length > 0) break;
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(server.asked.length).toBeLessThanOrEqual(2);
  });

  it('of nothing is one empty page', async () => {
    const { pages } = await pagesOf((_asked, response) =>
      answerJson(response, { metadata: { resourceVersion: '5' }, items: null }),
    );
    expect(pages).toEqual([{ items: [], resourceVersion: '5', inconsistent: false, restarted: false }]);
  });
});

describe('lines', () => {
  it('are the same however the bytes are cut', async () => {
    const line = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', ''));
    await fc.assert(
      fc.asyncProperty(fc.array(line), fc.integer({ min: 1, max: 7 }), async (lines, size) => {
        const bytes = Buffer.from(lines.map((each) => `${each}\n`).join(''));
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
          bytes.subarray(at * size, (at + 1) * size),
        );
        const read = [];
        for await (const each of readLines(Readable.from(chunks))) read.push(each);
        expect(read).toEqual(lines);
      }),
    );
  });

  it('include a last one without an end', async () => {
    const read = [];
    for await (const each of readLines(Readable.from([Buffer.from('a\nb')]))) read.push(each);
    expect(read).toEqual(['a', 'b']);
  });
});

const event = (type: string, n: number) => `${JSON.stringify({ type, object: pod(n) })}\n`;

/** Collects `wanted` events of a watch from version 1. */
async function watched(respond: Respond, wanted: number, idle = 0) {
  const { client, server, clock } = await start(respond);
  const events: WatchEvent[] = [];
  const failure = await (async () => {
    for await (const each of watchFrom(client, pods, { resourceVersion: '1', clock, idle }))
      if (events.push(each) === wanted) break;
  })().catch((error: unknown) => error);
  const versions = server.asked.map(({ query }) => query.get('resourceVersion'));
  return {
    events,
    seen: events.map(({ type, object }) => `${type} ${(object['metadata'] as { name: string }).name}`),
    server,
    clock,
    versions,
    failure,
  };
}

describe('a watch', () => {
  it('goes on from the last version, bookmarks counted, whenever the server ends it', async () => {
    const { seen, versions, server, clock } = await watched((_asked, response, count) => {
      response.write(event('ADDED', 10 * count + 2));
      response.end(event('BOOKMARK', 10 * count + 5));
    }, 5);
    expect(seen).toEqual(['ADDED p2', 'BOOKMARK p5', 'ADDED p12', 'BOOKMARK p15', 'ADDED p22']);
    expect(versions).toEqual(['1', '5', '15']);
    expect(server.asked[0]?.query.get('allowWatchBookmarks')).toBe('true');
    expect(Number(server.asked[0]?.query.get('timeoutSeconds'))).toBe(450);
    expect(clock.slept).toEqual([]);
  });

  it('keeps events whole: unknown fields, and lines cut anywhere', async () => {
    const bytes = Buffer.from(event('MODIFIED', 3));
    const { events } = await watched(async (_asked, response) => {
      for (const byte of bytes) {
        response.write(Buffer.from([byte]));
        if (byte % 16 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
      }
      response.end();
    }, 1);
    expect(events).toEqual([{ type: 'MODIFIED', object: pod(3) }]);
  });

  it('survives a connection that is cut under an event, and loses none', async () => {
    const { seen, versions } = await watched((asked, response, count) => {
      if (count > 0) return void response.write(event('ADDED', 4) + event('ADDED', 5));
      response.write(event('ADDED', 3) + event('ADDED', 4).slice(0, 20));
      setTimeout(() => asked.socket.destroy(), 10);
    }, 3);
    expect(seen).toEqual(['ADDED p3', 'ADDED p4', 'ADDED p5']);
    expect(versions).toEqual(['1', '3']);
  });

  it('leaves a connection that fell silent', async () => {
    const { seen } = await watched(
      (_asked, response, count) => void response.write(count === 0 ? '\n' : event('ADDED', 3)),
      1,
      100,
    );
    expect(seen).toEqual(['ADDED p3']);
  });

  it('waits longer each time where the server brings nothing', async () => {
    const { clock } = await watched(
      (_asked, response, count) => (count < 4 ? void response.end() : void response.write(event('ADDED', 2))),
      1,
    );
    expect(clock.slept).toEqual([600, 1200, 2400, 4800]);
  });

  it.each(['as an event', 'as an answer'])('ends with 410 %s where its version is too old', async (how) => {
    const gone = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' };
    const { failure } = await watched((_asked, response) => {
      if (how === 'as an answer') return answerJson(response, gone, 410);
      response.end(`${JSON.stringify({ type: 'ERROR', object: gone })}\n`);
    }, 1);
    expect(failure).toMatchObject({ status: 410, reason: 'Expired' });
  });

  it('goes on after an ERROR event that passes, and ends where it may not watch', async () => {
    const { seen } = await watched((_asked, response, count) => {
      const error = { type: 'ERROR', object: { kind: 'Status', code: 500, reason: 'InternalError' } };
      response.end(count === 0 ? `${JSON.stringify(error)}\n` : event('ADDED', 2));
    }, 1);
    expect(seen).toEqual(['ADDED p2']);
    const refused = await watched((_asked, response) => answerStatus(response, 403, 'Forbidden'), 1);
    expect(refused.failure).toMatchObject({ status: 403 });
  });

  it('uses one socket, and gives it back when it is left or aborted', async () => {
    const { client, server } = await start((_asked, response) => void response.write(event('ADDED', 2)));
    const stop = new AbortController();
    const run = async () => {
      for await (const _ of watchFrom(client, pods, { resourceVersion: '1', signal: stop.signal }))
        stop.abort(new Error('enough'));
    };
    await expect(run()).rejects.toThrow('enough');
    for await (const _ of watchFrom(client, pods, { resourceVersion: '1' })) break;
    expect(server.sockets.opened).toBe(2);
    await expect.poll(() => server.sockets.open.size).toBe(0);
  });
});
