// Folders of a person's machine, as they appear on a node that runs on it.

/**
 * Home folders and the places where local clusters mount them: Minikube's drivers (/hosthome, /minikube-host, /Users,
 * /c/Users), Docker Desktop (/run/desktop/mnt/host, /host_mnt) and WSL (/mnt/c).
 */
export const laptopFolders =
  /^(?:\/(?:Users|hosthome|minikube-host|home|host_mnt|run\/desktop\/mnt\/host|c\/Users|C\/Users)\/.|\/(?:hosthome|minikube-host|host_mnt)\/?$|\/mnt\/[a-z]\/|[A-Za-z]:[\\/]+Users[\\/])/;

export function isLaptopFolder(path: string): boolean {
  return laptopFolders.test(path);
}
