// Results of kube-bench: `kube-bench run --json`.

import { asArray, asObject, asString, type BenchResult, isIn, type JsonObject } from '../../model/index.ts';
import type { Reader, Report } from './reader.ts';

const statuses: readonly BenchResult['status'][] = ['PASS', 'FAIL', 'WARN', 'INFO'];

function isControls(item: JsonObject): boolean {
  return 'node_type' in item && Array.isArray(item['tests']);
}

/** Present versions put the controls into an object with totals; up to 0.3 they were a list or one object a line. */
function controlsOf(report: Report): readonly JsonObject[] {
  return report.flatMap((item) =>
    Array.isArray(item['Controls']) ? asArray(item['Controls']).map((each) => asObject(each)) : [item],
  );
}

function readControls(controls: JsonObject): BenchResult[] {
  const nodeType = asString(controls['node_type']) ?? '';
  const groups = asArray(controls['tests']).map((group) => asObject(group));
  return groups
    .flatMap((group) => asArray(group['results']))
    .flatMap((item) => {
      const { test_number: id, test_desc: text, status } = asObject(item);
      if (!isIn(statuses, status)) return [];
      return [{ id: asString(id) ?? '', text: asString(text) ?? '', status, nodeType }];
    });
}

/** Source: kube-bench `check/controls.go`. The report carries no date and not the version of the program. */
export const kubeBenchReader: Reader = {
  what: 'report of kube-bench',
  isList: true,
  recognises: (report) => {
    const controls = controlsOf(report);
    return controls.length > 0 && controls.every((item) => isControls(item));
  },
  advice: 'Write it with `kube-bench run --json`.',
  read: (report, file) => {
    const controls = controlsOf(report);
    const benchmark = controls.map((item) => asString(item['version'])).find((version) => version !== undefined);
    const results = controls.flatMap((item) => readControls(item));
    if (results.length === 0) return [];
    return [{ about: 'cluster', tool: 'kube-bench', file, benchmark: benchmark ?? '', results }];
  },
};
