// What a name alone says of a file: whether it is worth opening at all.

const manifestName = /\.(?:ya?ml|json)$/i;
const archiveName = /\.(?:tgz|tar\.gz)$/i;
const foreignTemplateName = /\.(?:ya?ml|json)\.(?:j2|jinja2?|tpl|tmpl|gotmpl|erb|template|dist|in)$/i;
const kustomizationNames = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/** Folders that hold no manifests of the user's; other hidden folders are told about. */
const quietFolders = new Set([
  '.git',
  '.nowwhat',
  '.svn',
  '.hg',
  '.idea',
  '.vscode',
  '.cache',
  '.terraform',
  '.venv',
  '.DS_Store',
]);

export function baseName(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}

/** The folder part: `.` for a bare name, `/` for a file at the root. */
export function folderOf(file: string): string {
  const at = file.lastIndexOf('/');
  if (at === -1) return '.';
  return at === 0 ? '/' : file.slice(0, at);
}

/** True where `file` is `folder` or lies below it. */
export function isBelow(file: string, folder: string): boolean {
  if (folder === '.') return !file.startsWith('/') && file !== '..' && !file.startsWith('../');
  return file === folder || file.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}

export function isManifestName(name: string): boolean {
  return manifestName.test(name);
}

export function isArchiveName(name: string): boolean {
  return archiveName.test(name);
}

/** Templates of tools that fill them in before kubectl sees them: `web.yaml.j2`. */
export function isForeignTemplateName(name: string): boolean {
  return foreignTemplateName.test(name);
}

export function isKustomizationName(name: string): boolean {
  return kustomizationNames.includes(name);
}

export function isWorthOpening(name: string): boolean {
  return isManifestName(name) || isArchiveName(name) || isForeignTemplateName(name) || isKustomizationName(name);
}

export type FolderTreatment = 'enter' | 'leave' | 'tell';

/** Whether the walk enters a folder of this name, leaves it in silence, or leaves it and says so. */
export function treatFolder(name: string): FolderTreatment {
  if (name === 'node_modules' || quietFolders.has(name)) return 'leave';
  return name.startsWith('.') ? 'tell' : 'enter';
}
