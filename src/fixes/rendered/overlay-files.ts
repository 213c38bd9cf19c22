// The files of a new overlay behind a chart: a kustomization that takes Helm's output, and the program and plugin by which Helm runs it.

import { parseYaml } from '../../kube/yaml/index.ts';
import { asObject, type Json } from '../../model/index.ts';
import { editText } from '../text/edit-text.ts';
import { renderBlock } from '../text/render-value.ts';
import type { FileDrafts } from './file-drafts.ts';

/** The settings that name overlays. `chart` and `overlay` are told from their folder. */
export interface SettingsPlace {
  readonly file: string;
  /** Left out where there is no such file yet. */
  readonly text?: string;
  readonly chart: string;
  readonly overlay: string;
}

export interface NewOverlay {
  /** Folder as shown. */
  readonly folder: string;
  /** Name of the plugin, as Helm 4 is given it. */
  readonly plugin: string;
  /** The resource that stands for Helm's output. */
  readonly output: string;
  readonly settings: SettingsPlace;
}

export const postRenderScript = 'post-render.sh';

function kustomizationText({ output, settings }: NewOverlay): string {
  const chart = settings.chart.split('/').at(-1);
  return [
    `# Patches behind the chart ${chart}: fields that neither its values nor plain text in its templates decide.`,
    `# Helm hands its output to ${postRenderScript}, which puts it in the place of ${output}.`,
    'apiVersion: kustomize.config.k8s.io/v1beta1',
    'kind: Kustomization',
    'resources:',
    `  - ${output}`,
    '',
  ].join('\n');
}

/** The folder is copied, so that two runs at a time do not meet, and nothing is left behind. */
function scriptText({ output, plugin }: NewOverlay): string {
  return `#!/bin/sh
# Helm's post-renderer: what Helm renders comes in, and goes out with the patches of this folder.
#   Helm 3: helm upgrade … --post-renderer PATH/${postRenderScript}
#   Helm 4: helm plugin install PATH-OF-THIS-FOLDER, once; then helm upgrade … --post-renderer ${plugin}
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -R "$here/." "$work"
cat > "$work/${output}"
if command -v kustomize > /dev/null 2>&1; then
  kustomize build "$work"
else
  kubectl kustomize "$work"
fi
`;
}

/** Source: https://helm.sh/docs/plugins/developer/tutorial-postrenderer-plugin. Helm 3 reads it too, and takes no notice of the type. */
function pluginText({ plugin }: NewOverlay): string {
  return [
    'apiVersion: v1',
    'type: postrenderer/v1',
    `name: ${plugin}`,
    'version: 0.1.0',
    'runtime: subprocess',
    'runtimeConfig:',
    '  platformCommand:',
    `    - command: \${HELM_PLUGIN_DIR}/${postRenderScript}`,
    '',
  ].join('\n');
}

/** The settings with one more overlay: in the list that is there, or in one at the end. */
function addOverlay(
  text: string,
  entry: Json,
): ReturnType<typeof editText> | { readonly ok: true; readonly text: string } {
  const parsed = parseYaml(text);
  const settings = asObject(parsed.ok ? parsed.parsed.values[0] : undefined);
  const place = { start: 0, end: text.length, document: 0, within: [] };
  if (settings['postRender'] !== undefined)
    return editText(text, place, [{ op: 'add', path: ['postRender'], values: [entry] }]);
  const head = text === '' ? '' : `${text}${text.endsWith('\n') ? '' : '\n'}\n`;
  const block = renderBlock({ postRender: [entry] }, { column: 0, newLine: '\n' });
  return { ok: true, text: `${head}# Helm's output goes through these overlays before it is applied.\n${block}\n` };
}

/** Names the overlay in the settings; the reason where that cannot be. */
export function declareOverlay({ file, text, chart, overlay }: SettingsPlace, drafts: FileDrafts): string | undefined {
  const result = addOverlay(drafts.textOf(file, text ?? ''), { chart, overlay });
  if (!result.ok) return result.reason;
  drafts.put(file, text, result.text);
  return undefined;
}

/** Writes the overlay and names it in the settings, once; the reason where that cannot be. */
export function startOverlay(overlay: NewOverlay, drafts: FileDrafts): string | undefined {
  const kustomization = `${overlay.folder}/kustomization.yaml`;
  if (drafts.has(kustomization)) return undefined;
  const reason = declareOverlay(overlay.settings, drafts);
  if (reason !== undefined) return reason;
  drafts.create(kustomization, kustomizationText(overlay));
  drafts.create(`${overlay.folder}/${postRenderScript}`, scriptText(overlay), { executable: true });
  drafts.create(`${overlay.folder}/plugin.yaml`, pluginText(overlay));
  return undefined;
}
