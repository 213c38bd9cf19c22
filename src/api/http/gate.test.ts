import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createGate, type Gate, type Pass } from './gate.ts';

async function round(gate: Gate, busy: boolean): Promise<void> {
  const passes = await Promise.all(Array.from({ length: gate.places() }, () => gate.enter()));
  for (const pass of passes) pass.leave(busy);
}

describe('the gate', () => {
  it('halves its places once for all that were under way when the server was busy', async () => {
    const gate = createGate(32);
    await round(gate, true);
    expect(gate.places()).toBe(16);
    await round(gate, true);
    expect(gate.places()).toBe(8);
  });

  it('never closes, and opens again by about one for every round without a busy answer', async () => {
    const gate = createGate(4);
    for (let at = 0; at < 10; at += 1) await round(gate, true);
    expect(gate.places()).toBe(1);
    const places: number[] = [];
    for (let at = 0; at < 5; at += 1) {
      await round(gate, false);
      places.push(gate.places());
    }
    expect(places).toEqual([2, 2, 3, 4, 4]);
  });

  it('lets in who waits when a place is free, and forgets who was called off', async () => {
    const gate = createGate(1);
    const first = await gate.enter();
    const calling = new AbortController();
    const called = gate.enter(calling.signal);
    const second = gate.enter();
    calling.abort(new Error('called off'));
    await expect(called).rejects.toThrow('called off');
    first.leave(false);
    (await second).leave(false);
    await expect(Promise.resolve(gate.enter(AbortSignal.abort(new Error('late')))).then(() => 'in')).resolves.toBe(
      'in',
    );
  });

  it('never lets in more than there are places, and everybody in the end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 8 }),
        fc.array(fc.boolean(), { maxLength: 60 }),
        async (most, busy) => {
          const gate = createGate(most);
          let [inside, through] = [0, 0];
          const go = async (isBusy: boolean): Promise<void> => {
            const pass: Pass = await gate.enter();
            inside += 1;
            expect(inside).toBeLessThanOrEqual(most);
            await Promise.resolve();
            inside -= 1;
            through += 1;
            pass.leave(isBusy);
          };
          await Promise.all(busy.map(go));
          expect(through).toBe(busy.length);
        },
      ),
    );
  });
});
