// `network`: who reaches whom on which ports, as the policies have it.

import { existsSync } from 'node:fs';
import { answerNetworkDiff } from '../../app/network/compare-connections.ts';
import { answerWhy } from '../../app/network/explain-connection.ts';
import { readApp } from '../../app/read-app.ts';
import { type Inventory, prepareInventory } from '../../inventory/index.ts';
import { assembleReport, findConnections, isSameNetwork } from '../../reachability/index.ts';
import { parseWidth, type SourceFlags, toPlacesWish, toReadWish } from '../flags.ts';
import type { Io } from '../io.ts';
import type { NetworkFormat } from '../options.ts';
import { withProgress } from '../progress.ts';
import { renderNetworkDiff } from '../reporters/network/diff.ts';
import { renderNetwork } from '../reporters/network/index.ts';
import type { NetworkLook } from '../reporters/network/text.ts';
import { renderWhy } from '../reporters/network/why.ts';
import { visible } from '../style.ts';
import { writeOutput } from '../write-output.ts';

export interface NetworkFlags extends SourceFlags {
  readonly output: NetworkFormat;
  readonly all?: boolean;
}

async function readInventory(inputs: readonly string[], flags: SourceFlags, io: Io): Promise<Inventory> {
  const { stdin, environment, today } = io;
  const { snapshot, notices } = await withProgress(io, flags.quiet ?? false, (progress) =>
    readApp(toReadWish(inputs, flags), { stdin, environment, today, progress }),
  );
  for (const notice of notices) io.err(`${io.errorStyle.warn('nowwhat:')} ${notice}\n`);
  for (const { position, reason } of snapshot.unreadable)
    io.err(`${io.errorStyle.warn('not read')} ${visible(`${position.file}:${position.line} ${reason}`)}\n`);
  return prepareInventory(snapshot);
}

export async function runNetwork(inputs: readonly string[], flags: NetworkFlags, io: Io): Promise<number> {
  const report = assembleReport(findConnections(await readInventory(inputs, flags, io)));
  const look = { ...lookOf(flags, io), showAll: flags.all ?? false };
  await writeOutput(renderNetwork(report, flags.output, look), { file: flags.outputFile, quiet: flags.quiet }, io);
  return 0;
}

export interface NetworkAnswerFlags extends SourceFlags {
  readonly output: 'text' | 'json';
}

/** Where a port may stand, a path stands for itself. */
const portWord = /^(?:[0-9]{1,5}|[a-z0-9-]{1,15})(?:\/(?:tcp|udp|sctp))?$/i;

/** The first of the rest is a port where it looks like one and no file is called so. */
function splitPort(rest: readonly string[]): { readonly port?: string; readonly inputs: readonly string[] } {
  const [first] = rest;
  if (first === undefined || !portWord.test(first) || existsSync(first)) return { inputs: rest };
  return { port: first, inputs: rest.slice(1) };
}

async function print(text: string, flags: NetworkAnswerFlags, io: Io): Promise<void> {
  await writeOutput(text, { file: flags.outputFile, quiet: flags.quiet }, io);
}

function lookOf(flags: SourceFlags, io: Io): NetworkLook {
  const style = flags.outputFile === undefined ? io.style : io.fileStyle;
  return { style, width: parseWidth(flags.width, io.width), showAll: false };
}

/** Exit status 1 where the port that was asked for is not open for sure. */
export async function runNetworkWhy(words: readonly string[], flags: NetworkAnswerFlags, io: Io): Promise<number> {
  const [from = '', to = '', ...rest] = words;
  const { port, inputs } = splitPort(rest);
  const { stdin, environment, today } = io;
  const wish = { reading: toReadWish(inputs, flags), from, to, port };
  const answer = await withProgress(io, flags.quiet ?? false, (progress) =>
    answerWhy(wish, { stdin, environment, today, progress }),
  );
  const isJson = flags.output === 'json';
  await print(isJson ? `${JSON.stringify(answer, null, 2)}\n` : renderWhy(answer, lookOf(flags, io)), flags, io);
  return answer.verdict === undefined || answer.verdict === 'allowed' ? 0 : 1;
}

/** Exit status 1 where a connection was opened or closed, or is not known any more, or by now. */
export async function runNetworkDiff(
  [old, fresh]: readonly [string, string],
  flags: NetworkAnswerFlags,
  io: Io,
): Promise<number> {
  const { reading, cluster } = toPlacesWish(flags);
  const { stdin, environment, today } = io;
  const diff = await withProgress(io, flags.quiet ?? false, (progress) =>
    answerNetworkDiff({ old, new: fresh, reading, cluster }, { stdin, environment, today, progress }),
  );
  const isJson = flags.output === 'json';
  await print(isJson ? `${JSON.stringify(diff, null, 2)}\n` : renderNetworkDiff(diff, lookOf(flags, io)), flags, io);
  return isSameNetwork(diff) ? 0 : 1;
}
