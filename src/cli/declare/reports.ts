// Commands that judge an app: `journey`, `check`, `request`.

import { Option } from 'commander';
import { owners } from '../../model/index.ts';
import type { RequestFlags } from '../commands/request.ts';
import type { ReportFlags } from '../flags.ts';
import { addDutyOptions, addReportOptions } from '../options.ts';
import { examples, type Setting } from './setting.ts';

const summaries = {
  journey: 'how far an app is from production, what blocks it, who acts, what next',
  check: 'every finding, with file and line',
} as const;

export function addReports({ program, io, finish }: Setting): void {
  for (const form of ['journey', 'check'] as const)
    addReportOptions(program.command(`${form} [path...]`).description(summaries[form]))
      .addHelpText(
        'after',
        examples(io, [
          [`nowwhat ${form} ./k8s`, 'a folder of manifests'],
          [`nowwhat ${form} ./chart -f values-prod.yaml`, 'a Helm chart, rendered by your helm'],
          [`kubectl kustomize . | nowwhat ${form} -`, 'standard input'],
          [`nowwhat ${form} --context minikube -n shop`, 'what runs in a cluster'],
          [`nowwhat ${form} ./k8s -o html --output-file report.html`, 'a page to send around'],
          [`nowwhat ${form} ./k8s --fail-on high --require security=2`, 'a gate for a pipeline'],
        ]),
      )
      .action(async (inputs: string[], flags: ReportFlags) => {
        const { runReport } = await import('../commands/report.ts');
        finish(await runReport({ inputs, flags, form }, io));
      });
}

export function addRequest({ program, io, finish }: Setting): void {
  const command = program.command('request [path...]').description('a note in Markdown for the person who must act');
  addDutyOptions(command.addOption(new Option('--role <role>', 'who must act').choices(owners).makeOptionMandatory()))
    .addHelpText(
      'after',
      examples(io, [
        ['nowwhat request --role cluster-administrator ./k8s', 'what your administrator must do or answer'],
        ['nowwhat request --role provider --target eks ./k8s', 'what is left to ask the provider'],
      ]),
    )
    .action(async (inputs: string[], flags: RequestFlags) => {
      const { runRequest } = await import('../commands/request.ts');
      finish(await runRequest(inputs, flags, io));
    });
}
