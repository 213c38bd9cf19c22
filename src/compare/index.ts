// Two clusters, or files and a cluster, side by side for one app.

export { compareSurroundings, type Row } from './compare-surroundings.ts';
export { appNamespaces, appObjects, placeApp } from './place-app.ts';
export { joinSides } from './join-sides.ts';
export { renderRoles, rightsToApply } from './grant.ts';
export { planRehearsal, type Trial } from './rehearsal.ts';
export { findObstacle, type Obstacle, ownerOfRefusal, readRefusal, type RefusalKind } from './read-refusal.ts';
