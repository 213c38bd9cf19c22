// The traffic report in the format the user asked for.

import { renderOwnFlows, type TrafficReport } from '../../../traffic/index.ts';
import type { TrafficFormat } from '../../options.ts';
import { renderTrafficMermaid } from './mermaid.ts';
import { renderTrafficSvg } from './svg/index.ts';
import { type TrafficLook, renderTrafficText } from './text.ts';

export function renderTraffic(report: TrafficReport, format: TrafficFormat, look: TrafficLook): string {
  switch (format) {
    case 'text':
      return renderTrafficText(report, look);
    case 'json':
      return `${JSON.stringify(report, null, 2)}\n`;
    case 'flows':
      return renderOwnFlows(report);
    case 'mermaid':
      return renderTrafficMermaid(report);
    case 'svg':
      return renderTrafficSvg(report);
  }
}
