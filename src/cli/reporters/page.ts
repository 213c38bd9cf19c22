// The journey page for a terminal.

import type { Report } from '../../journey/index.ts';

export function renderPage(report: Report): string {
  const lines = report.legs.map(({ leg, level, next }) => {
    const dots = '●'.repeat(level) + '○'.repeat(4 - level);
    return `  ${leg.padEnd(12)} ${dots}   ${next === undefined ? '' : `${next.done} of ${next.steps} steps to level ${next.level}`}`;
  });
  const next = report.next === undefined ? '' : `\n  Next   ${report.next.title}: ${report.next.first.message}\n`;
  return `  ${report.source.name}   ${report.source.objects} objects from ${report.source.files} files\n\n${lines.join('\n')}\n${next}`;
}
