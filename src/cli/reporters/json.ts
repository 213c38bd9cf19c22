// The report as JSON, for scripts: schema nowwhat.dev/report/v1, published in docs/schemas.

import type { Reporter } from './reporter.ts';

export const renderJson: Reporter = (report) => `${JSON.stringify(report, null, 2)}\n`;
