// Shows the main job on the sample app.
import { spawnSync } from 'node:child_process';

const run = spawnSync(process.execPath, ['bin/nowwhat.js', 'journey', 'examples/shop/k8s'], { stdio: 'inherit' });
// Status 1 means "findings": for the sample app that is what the demo shows.
process.exit(run.status === 0 || run.status === 1 ? 0 : (run.status ?? 3));
