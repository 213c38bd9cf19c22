// Objects of the Trivy operator given as a file of their own: `kubectl get vulnerabilityreports -A -o json`.

import { operatorReportKinds, readOperatorReport } from '../../kube/evidence/operator-reports.ts';
import { parseApiVersion } from '../../kube/api-version.ts';
import { asArray, asObject, asString, type JsonObject } from '../../model/index.ts';
import type { Reader, Report } from './reader.ts';

function itemsOf(report: Report): readonly JsonObject[] {
  return report.flatMap((item) =>
    Array.isArray(item['items']) ? asArray(item['items']).map((each) => asObject(each)) : [item],
  );
}

function isOperatorReport(item: JsonObject): boolean {
  const { group } = parseApiVersion(asString(item['apiVersion']) ?? '');
  return operatorReportKinds.includes(`${group}/${asString(item['kind']) ?? ''}`);
}

export const operatorReportsReader: Reader = {
  what: 'reports of the Trivy operator',
  isList: true,
  recognises: (report) => itemsOf(report).some((item) => isOperatorReport(item)),
  read: (report, file) =>
    itemsOf(report)
      .filter((item) => isOperatorReport(item))
      .flatMap((item) => readOperatorReport(item, file) ?? []),
};
