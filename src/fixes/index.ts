export type { EditedFile } from './edited-file.ts';
export { editFiles, withEditedFiles } from './edit-files.ts';
export { type EditedText, editText, type ObjectPlace } from './text/edit-text.ts';
export { renderBlock, renderField, renderItem } from './text/render-value.ts';
export type { Folders } from './new-files/choose-place.ts';
export { type DraftFile, FileDrafts } from './rendered/file-drafts.ts';
export { editRendered, removeRendered } from './rendered/helm-route.ts';
export { type Aim, aimAt, namesOfRelease, type Twin } from './rendered/aim.ts';
export { deleteKustomized, editKustomized, editShared, knownOf, removeKustomized } from './rendered/kustomize-route.ts';
export { mergePatch, patchOf } from './rendered/strategic-patch.ts';
export { findSharedFile, isSetByEntry, type KustomizeUnit } from './rendered/written-places.ts';
export { releaseNamesIn } from './rendered/release-names.ts';
export { editRelease } from './rendered/release-route.ts';
export {
  declareOverlay,
  type NewOverlay,
  postRenderScript,
  type SettingsPlace,
  startOverlay,
} from './rendered/overlay-files.ts';
export { createKustomized, createTemplates, withAffixes } from './rendered/new-in-unit.ts';
export { byIdentity, findDifferences, identityOf, includes, isSameObject } from './rendered/same-rendering.ts';
export { editValue } from './text/edit-value.ts';
