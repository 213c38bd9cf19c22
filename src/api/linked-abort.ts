// An abort of our own that follows another's: `AbortSignal.any` keeps a trace of each in a long-lived signal (Node 20), this one leaves none.

export interface LinkedAbort {
  readonly signal: AbortSignal;
  readonly abort: (reason?: unknown) => void;
  /** Ends the link; call it when the work is done. */
  readonly unlink: () => void;
}

/** Aborted with `outer`, after `ms` where given, or by its own `abort`. */
export function linkAbort(outer: AbortSignal | undefined, ms?: number): LinkedAbort {
  const own = new AbortController();
  const follow = (): void => own.abort(outer?.reason);
  const late = (): void => own.abort(new DOMException('it took too long', 'TimeoutError'));
  const timer = ms === undefined ? undefined : setTimeout(late, ms);
  if (outer?.aborted) follow();
  outer?.addEventListener('abort', follow, { once: true });
  return {
    signal: own.signal,
    abort: (reason) => own.abort(reason),
    unlink: () => {
      clearTimeout(timer);
      outer?.removeEventListener('abort', follow);
    },
  };
}
