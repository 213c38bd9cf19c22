// Options about how long backups are kept.

import type { Command } from 'commander';

export function addRetentionOptions(command: Command): Command {
  return command
    .option('--keep-last <number>', 'keep the newest ones')
    .option('--keep-hourly <number>', 'keep the newest of each of so many hours')
    .option('--keep-daily <number>', 'the same for days')
    .option('--keep-weekly <number>', 'the same for weeks')
    .option('--keep-monthly <number>', 'the same for months')
    .option('--keep-yearly <number>', 'the same for years')
    .option('--keep-within <duration>', 'keep all that are not older: 36h, 30d')
    .option('--time-zone <zone>', 'zone of the calendar, such as Europe/Berlin (default: "UTC")');
}
