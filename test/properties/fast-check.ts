// What tests get when they import fast-check: fast-check itself, whose `assert` takes seed and runs from the environment. See docs/adr/0030-property-tests.md.

import fc, { type IAsyncProperty, type IProperty, type Parameters } from 'fast-check';
import { expect } from 'vitest';
import { adaptParameters } from './settings.ts';

export * from 'fast-check';

/** `fc.assert` with the settings of this run. */
export function assert<T>(property: IProperty<T> | IAsyncProperty<T>, own: Parameters<T> = {}): Promise<void> | void {
  return fc.assert(property, adaptParameters(own, process.env, expect.getState().currentTestName ?? ''));
}

// oxlint-disable-next-line import/no-default-export -- it stands in for a package that has one
export default { ...fc, assert };
