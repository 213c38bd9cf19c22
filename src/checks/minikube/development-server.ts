// Finds commands that start a server made for development.

import { asArray, asString } from '../../model/index.ts';
import { containerCheck } from '../check.ts';
import { minikubeMeta } from './minikube-meta.ts';

/** Commands whose own manuals say that they are not for production. */
const servers: readonly RegExp[] = [
  /(?<![\w-])(?:npm|pnpm|yarn|bun) (?:run )?(?:dev|start:dev|develop)(?![\w-])/,
  /(?<![\w-])(?:next|nuxt|astro|remix|vite|gatsby) (?:dev|develop)(?![\w-])/,
  /(?<![\w-])(?:ng serve|webpack serve|webpack-dev-server|react-scripts start|vue-cli-service serve)(?![\w-])/,
  /(?<![\w-])(?:nodemon|ts-node-dev|tsx watch|node --watch)(?![\w-])/,
  /(?<![\w-])flask(?: --?[\w-]+(?:[ =]\S+)?)*? run(?![\w-])/,
  /manage\.py runserver(?![\w-])/,
  /(?<![\w-])uvicorn .*--reload(?![\w-])/,
  /(?<![\w-])gunicorn .*--reload(?![\w-])/,
  /(?<![\w-])php -S /,
  /(?<![\w-])(?:dotnet watch|mvn spring-boot:run|gradlew? bootRun|quarkus dev|mvn quarkus:dev)(?![\w-])/,
  /(?<![\w-])(?:go run|cargo run|cargo watch)(?![\w-])/,
  /(?<![\w-])dlv (?:debug|exec|dap)(?![\w-])/,
];

export const developmentServer = containerCheck(
  minikubeMeta({
    id: 'development-server',
    title: 'Containers start a server made for production',
    severity: 'medium',
    remediation: 'Build the program into the image and start its production server.',
    minutes: 30,
  }),
  {
    applies: ({ role }) => role === 'container' || role === 'sidecar',
    find: ({ name, raw, path }) => {
      const field = asArray(raw['command']).length > 0 ? 'command' : 'args';
      const words = [...asArray(raw['command']), ...asArray(raw['args'])].map((item) => asString(item) ?? '');
      const line = words.join(' ').replace(/\s+/g, ' ');
      const found = servers.map((server) => server.exec(line)?.[0]).find((text) => text !== undefined);
      if (found === undefined) return undefined;
      return {
        message: `container "${name}" starts a server for development: it is slow, reloads or compiles at start, and shows its inside`,
        path: [...path, field],
        evidence: `the command has "${found.trim()}"`,
      };
    },
  },
);
