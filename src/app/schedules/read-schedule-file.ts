// A Velero `Schedule` in a file.

import { parseSchedule, type VeleroSchedule } from '../../backup/index.ts';
import { readVeleroFile } from '../backups/velero-file.ts';

/** The first one of the file. Throws `UserError`. */
export async function readScheduleFile(file: string): Promise<VeleroSchedule> {
  return parseSchedule(await readVeleroFile(file, 'Schedule'), file);
}
