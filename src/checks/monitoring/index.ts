// The checks of the family monitoring, in the order of the report.

import type { Check } from '../check.ts';
import { alertWithoutDuration } from './alert-without-duration.ts';
import { alertWithoutRunbook } from './alert-without-runbook.ts';
import { alertWithoutSeverity } from './alert-without-severity.ts';
import { alertsMissing } from './alerts-missing.ts';
import { alertsSelected } from './alerts-selected.ts';
import { dashboardMissing } from './dashboard-missing.ts';
import { logsToFile } from './logs-to-file.ts';
import { metricsNotScraped } from './metrics-not-scraped.ts';
import { metricsUsed } from './metrics-used.ts';
import { monitorPortMissing } from './monitor-port-missing.ts';
import { monitorSelectsNothing } from './monitor-selects-nothing.ts';
import { monitorsSelected } from './monitors-selected.ts';
import { objectivesMissing } from './objectives-missing.ts';

export const monitoringChecks: readonly Check[] = [
  metricsNotScraped,
  monitorSelectsNothing,
  monitorPortMissing,
  logsToFile,
  dashboardMissing,
  alertsMissing,
  alertWithoutSeverity,
  alertWithoutRunbook,
  alertWithoutDuration,
  alertsSelected,
  monitorsSelected,
  objectivesMissing,
  metricsUsed,
];
