// How a container has ended, in the words of the kubelet.

import { asNumber, asString, type JsonObject } from '../../model/index.ts';

/** What a program left behind. Its own last words are not shown: they may hold anything. */
export function tellEnd(terminated: JsonObject): string {
  const reason = asString(terminated['reason']) ?? '';
  const signal = asNumber(terminated['signal']) ?? 0;
  const code = signal > 0 ? `signal ${signal}` : `exit code ${asNumber(terminated['exitCode']) ?? 0}`;
  return reason === '' || reason === 'Error' || reason === 'Completed' ? code : `${code} (${reason})`;
}
