// The report as JSON, for scripts.

import type { Report } from '../../journey/index.ts';

export function renderJson(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
