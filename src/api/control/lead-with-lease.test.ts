import { describe, expect, it, onTestFinished } from 'vitest';
import { answerJson, answerStatus, connectionTo, listenOnLoopback } from '../../../test/kubernetes/loopback-server.ts';
import type { JsonObject } from '../../model/index.ts';
import { createClient } from '../http/client.ts';
import { type LeaderOptions, leadWithLease } from './lead-with-lease.ts';

// Short, and yet long beside the pauses of a busy machine.
const quick = { leaseDuration: 2000, renewDeadline: 1200, retryPeriod: 50 };
const never = { leaseDuration: 120_000, renewDeadline: 60_000, retryPeriod: 50 };

/** An API server with one Lease. `cut` names candidates whose requests get no answer, `deaf` those whose writes are done without one. */
async function start() {
  const state = {
    lease: undefined as JsonObject | undefined,
    version: 0,
    cut: new Set<string>(),
    deaf: new Set<string>(),
  };
  const server = await listenOnLoopback((asked, response) => {
    if (state.cut.has(String(asked.headers['user-agent']))) return;
    if (asked.method === 'GET')
      return state.lease === undefined ? answerStatus(response, 404, 'NotFound') : answerJson(response, state.lease);
    const wanted = JSON.parse(asked.body) as { metadata: { resourceVersion?: string } };
    const expected = asked.method === 'POST' ? undefined : String(state.version);
    if ((asked.method === 'POST' && state.lease !== undefined) || wanted.metadata.resourceVersion !== expected)
      return answerStatus(response, 409, 'Conflict');
    state.version += 1;
    state.lease = { ...wanted, metadata: { ...wanted.metadata, resourceVersion: String(state.version) } } as JsonObject;
    if (!state.deaf.has(String(asked.headers['user-agent']))) answerJson(response, state.lease);
  });
  const terms: { identity: string; from: number; to?: number }[] = [];
  const candidate = (identity: string, more: Partial<LeaderOptions> = {}) => {
    const client = createClient(connectionTo(server.url), { userAgent: identity });
    const stop = new AbortController();
    const lead = async (signal: AbortSignal) => {
      const term: (typeof terms)[number] = { identity, from: Date.now() };
      terms.push(term);
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      term.to = Date.now();
    };
    const options = { client, namespace: 'ops', name: 'nowwhat', identity, lead, ...quick, ...more };
    const running = leadWithLease(options, stop.signal);
    running.catch(() => undefined);
    onTestFinished(async () => {
      stop.abort();
      await client.close();
    });
    return { stop, running };
  };
  const spec = () => state.lease?.['spec'] as JsonObject;
  return { state, terms, candidate, spec };
}

const who = (terms: readonly { identity: string }[]) => terms.map(({ identity }) => identity);

describe('a lease', () => {
  it('is held by one of many for as long as it is renewed', async () => {
    const { candidate, terms, spec } = await start();
    candidate('a');
    await expect.poll(() => who(terms)).toEqual(['a']);
    candidate('b');
    const before = spec()['renewTime'];
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(who(terms)).toEqual(['a']);
    expect(spec()).toMatchObject({ holderIdentity: 'a', leaseDurationSeconds: 2, leaseTransitions: 0 });
    expect(spec()['renewTime']).not.toBe(before);
    expect(spec()['renewTime']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  });

  it('is handed on when its holder stops, long before it would end', async () => {
    const { candidate, terms, spec } = await start();
    const heard: string[] = [];
    const a = candidate('a', never);
    await expect.poll(() => who(terms)).toEqual(['a']);
    candidate('b', { ...never, onLeader: (identity) => heard.push(identity) });
    await expect.poll(() => heard).toEqual(['a']);
    a.stop.abort();
    await expect(a.running).resolves.toBeUndefined();
    await expect.poll(() => who(terms)).toEqual(['a', 'b']);
    expect(spec()).toMatchObject({ holderIdentity: 'b', leaseTransitions: 1 });
    expect(heard).toEqual(['a', 'b']);
  });

  it('is handed on too where a renewal was under way that its holder did not hear the answer of', async () => {
    const { candidate, terms, state, spec } = await start();
    const a = candidate('a', never);
    await expect.poll(() => who(terms)).toEqual(['a']);
    state.deaf.add('a');
    const before = spec()['renewTime'];
    await expect.poll(() => spec()['renewTime']).not.toBe(before);
    state.deaf.clear();
    a.stop.abort();
    await expect(a.running).resolves.toBeUndefined();
    expect(spec()).toMatchObject({ holderIdentity: '', leaseDurationSeconds: 1 });
  });

  it('is lost by a holder that cannot renew it, before another one takes it', async () => {
    const { candidate, terms, state } = await start();
    const errors: unknown[] = [];
    candidate('a', { onError: (error) => errors.push(error) });
    await expect.poll(() => who(terms)).toEqual(['a']);
    candidate('b');
    state.cut.add('a');
    await expect.poll(() => who(terms)).toEqual(['a', 'b']);
    expect(terms[0]?.to).toBeDefined();
    expect(terms[0]!.to!).toBeLessThan(terms[1]!.from);
    expect(errors.length).toBeGreaterThan(0);
    state.cut.clear();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(who(terms)).toEqual(['a', 'b']);
  });

  it('taken by others ends our term', async () => {
    const { candidate, terms, state } = await start();
    candidate('a');
    await expect.poll(() => who(terms)).toEqual(['a']);
    state.version += 1;
    const lease = state.lease as { metadata: JsonObject; spec: JsonObject };
    state.lease = {
      ...lease,
      metadata: { ...lease.metadata, resourceVersion: String(state.version) },
      spec: { ...lease.spec, holderIdentity: 'thief', renewTime: 'x' },
    };
    await expect.poll(() => terms[0]?.to).toBeDefined();
  });

  it('keeps what others wrote into it', async () => {
    const { candidate, terms, state, spec } = await start();
    state.version = 1;
    state.lease = {
      metadata: { name: 'nowwhat', namespace: 'ops', resourceVersion: '1', labels: { a: 'b' } },
      spec: { holderIdentity: '', leaseTransitions: 4, strategy: 'x' },
    };
    candidate('a');
    await expect.poll(() => who(terms)).toEqual(['a']);
    expect(spec()).toMatchObject({ leaseTransitions: 5, strategy: 'x' });
    expect(state.lease).toMatchObject({ metadata: { labels: { a: 'b' } } });
  });

  it('is given back when the work ends by itself, or fails', async () => {
    const { candidate, spec } = await start();
    await candidate('a', { lead: async () => undefined }).running;
    expect(spec()).toMatchObject({ holderIdentity: '', leaseDurationSeconds: 1 });
    const failing = candidate('b', { lead: () => Promise.reject(new Error('broken')) });
    await expect(failing.running).rejects.toThrow('broken');
    expect(spec()).toMatchObject({ holderIdentity: '' });
  });
});
