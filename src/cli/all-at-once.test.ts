import { describe, expect, it } from 'vitest';
import { UserError } from '../model/index.ts';
import { requireAll, SeveralErrors } from './all-at-once.ts';

function refuse(what: string): () => never {
  return () => {
    throw new UserError('invalid-option', what, `mend ${what}`);
  };
}

describe('checks of options', () => {
  it('pass where none throws', () => {
    expect(() =>
      requireAll(
        () => 1,
        () => undefined,
      ),
    ).not.toThrow();
  });

  it('throw the one error as it is', () => {
    expect(() => requireAll(() => 1, refuse('a'))).toThrow(
      expect.objectContaining({ name: 'UserError', message: 'a' }),
    );
  });

  it('throw all of several, in their order', () => {
    const caught = (() => {
      try {
        requireAll(refuse('a'), () => 1, refuse('b'));
        return undefined;
      } catch (error) {
        return error;
      }
    })();
    expect(caught).toBeInstanceOf(SeveralErrors);
    expect((caught as SeveralErrors).errors.map(({ message }) => message)).toEqual(['a', 'b']);
  });

  it('let a bug through at once', () => {
    const bug = () => {
      throw new TypeError('bug');
    };
    expect(() => requireAll(refuse('a'), bug)).toThrow(TypeError);
  });
});
