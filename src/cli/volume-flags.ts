// Options about the data of volumes, which backups, restores and drills share, and what they mean.

import type { Command } from 'commander';
import type { MovingWish } from '../app/backups/volumes.ts';
import { parseGoDuration } from '../kube/durations.ts';
import { parseQuantity, quantityToNumber } from '../kube/quantities.ts';
import { UserError } from '../model/index.ts';
import type { Io } from './io.ts';

/** Ubuntu with kopia in it, from kopia's own makers; Velero's image holds no kopia command and no shell. */
const usualImage = 'docker.io/kopia/kopia:0.22.3';
const usual = { timeout: '4h', concurrency: '2' } as const;

export interface VolumeFlags {
  readonly volumeImage: string;
  readonly volumeEndpoint?: string;
  readonly volumeBandwidth?: string;
  readonly volumeTimeout: string;
  readonly volumeConcurrency: string;
}

export function addVolumeOptions(command: Command): Command {
  return command
    .option('--volume-image <image>', 'image of the pods that move data: kopia and a shell must be in it', usualImage)
    .option('--volume-endpoint <url>', 'how pods reach the S3 server, where that is not as from here')
    .option('--volume-bandwidth <quantity>', 'bytes a second that each of them may send: 10Mi')
    .option('--volume-timeout <duration>', 'how long one volume may take', usual.timeout)
    .option('--volume-concurrency <number>', 'volumes at the same time', usual.concurrency);
}

function refuse(option: string, text: string, advice: string): UserError {
  return new UserError('invalid-option', `${option} is not understood: "${text}"`, advice);
}

function parseBandwidth(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const quantity = parseQuantity(text);
  const bytes = quantity === undefined ? 0 : Math.floor(quantityToNumber(quantity));
  if (bytes > 0) return bytes;
  throw refuse('--volume-bandwidth', text, 'Write it as 10Mi or 500k.');
}

function parseTimeout(text: string): number {
  const nanoseconds = parseGoDuration(text);
  if (nanoseconds !== undefined && nanoseconds > 0n) return Number(nanoseconds / 1_000_000n);
  throw refuse('--volume-timeout', text, 'Write it as 4h or 30m.');
}

function parseEndpoint(text: string | undefined): string | undefined {
  if (text === undefined || /^https?:\/\/[^/@]+\/?$/.test(text)) return text;
  throw refuse('--volume-endpoint', text, 'Write it as https://minio.example.com:9000.');
}

function parseCount(text: string): number {
  if (/^[1-9]\d?$/.test(text)) return Number(text);
  throw refuse('--volume-concurrency', text, 'Write a number from 1 to 99.');
}

/** Of the environment only the password of the repositories, which is on no command line. */
export function toMovingWish(flags: VolumeFlags, { environment }: Io): MovingWish {
  const password = environment['KOPIA_PASSWORD'];
  return {
    image: flags.volumeImage,
    endpoint: parseEndpoint(flags.volumeEndpoint),
    limit: parseBandwidth(flags.volumeBandwidth),
    timeout: parseTimeout(flags.volumeTimeout),
    concurrency: parseCount(flags.volumeConcurrency),
    password: password === '' ? undefined : password,
  };
}

/** The same words for a program elsewhere, without times and numbers that are as usual. */
export function volumeWords(flags: VolumeFlags): string[] {
  const { volumeImage, volumeEndpoint, volumeBandwidth, volumeTimeout, volumeConcurrency } = flags;
  const given = (option: string, value: string | undefined): string[] => (value === undefined ? [] : [option, value]);
  return [
    '--volume-image',
    volumeImage,
    ...given('--volume-endpoint', volumeEndpoint),
    ...given('--volume-bandwidth', volumeBandwidth),
    ...given('--volume-timeout', volumeTimeout === usual.timeout ? undefined : volumeTimeout),
    ...given('--volume-concurrency', volumeConcurrency === usual.concurrency ? undefined : volumeConcurrency),
  ];
}
