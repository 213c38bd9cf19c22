export { parseCustomChecks } from './custom-check.ts';
