// Two clusters, or files and a cluster, side by side for one app.

export { compareSurroundings, type Row } from './compare-surroundings.ts';
export { appNamespaces, appObjects, placeApp } from './place-app.ts';
