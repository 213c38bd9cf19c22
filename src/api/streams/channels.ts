// The frames of exec and attach: a channel's number, then its bytes. Source: KEP-4006 (v5.channel.k8s.io) and its forerunner v4.

import { asArray, asObject, asString, type JsonObject } from '../../model/index.ts';

/** The best first. v5 (1.30 and later) can end standard input; v4 cannot. */
export const channelProtocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'] as const;

export const channels = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const;

export function encodeFrame(channel: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([channel]), bytes]);
}

/** How a command ended; `undefined` where it could not be run, which the `Status` explains. */
export function exitCodeOf(status: JsonObject): number | undefined {
  if (status['status'] === 'Success') return 0;
  if (status['reason'] !== 'NonZeroExitCode') return undefined;
  const causes = asArray(asObject(status['details'])['causes']).map(asObject);
  const code = asString(causes.find((cause) => cause['reason'] === 'ExitCode')?.['message']);
  return code !== undefined && /^\d+$/.test(code) ? Number(code) : undefined;
}
