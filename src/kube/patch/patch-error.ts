// A patch that cannot be applied, and why: who speaks to a user, or plays the API server, chooses the words around it.

/** `malformed`: it is no patch. `unfit`: it is one for another object. `test-failed`: its own test says so. */
export type PatchFault = 'malformed' | 'unfit' | 'test-failed';

export class PatchError extends Error {
  readonly fault: PatchFault;

  constructor(fault: PatchFault, message: string) {
    super(message);
    this.name = 'PatchError';
    this.fault = fault;
  }
}
