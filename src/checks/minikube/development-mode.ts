// Finds settings that run a program in its development mode.

import { objectCheck } from '../check.ts';
import { minikubeMeta } from './minikube-meta.ts';
import { hasSettings, settingsOf } from './settings.ts';

const development = /^(?:dev|development|local)$/i;
const on = /^(?:1|true|yes|on)$/i;

/** Switches of frameworks, each with the values that mean development. */
const switches: Readonly<Record<string, RegExp>> = {
  NODE_ENV: development,
  RAILS_ENV: development,
  RACK_ENV: development,
  APP_ENV: development,
  MIX_ENV: development,
  FLASK_ENV: development,
  ASPNETCORE_ENVIRONMENT: development,
  DOTNET_ENVIRONMENT: development,
  SPRING_PROFILES_ACTIVE: /(?:^|,)\s*(?:dev|development|local)\s*(?:,|$)/i,
  QUARKUS_PROFILE: development,
  MICRONAUT_ENVIRONMENTS: development,
  GIN_MODE: /^debug$/i,
  FLASK_DEBUG: on,
  DJANGO_DEBUG: on,
  APP_DEBUG: on,
  DEBUG: on,
  WORDPRESS_DEBUG: on,
  WP_DEBUG: on,
};

export const developmentMode = objectCheck(
  minikubeMeta({
    id: 'development-mode',
    title: 'Programs run in their production mode',
    severity: 'medium',
    remediation: 'Set the production value, and keep the development one in the values of that environment.',
    minutes: 5,
  }),
  {
    kinds: ['*'],
    applies: (object, { inventory }) => hasSettings(object, inventory),
    find: (object, { inventory }) =>
      settingsOf(object, inventory).flatMap(({ name, value, path, holder, container }) => {
        if (!Object.hasOwn(switches, name) || switches[name]?.test(value.trim()) !== true) return [];
        return {
          message: `"${name}" of ${holder} turns development mode on: error pages tell about the inside, and speed and checks differ`,
          path,
          evidence: `${name} is ${value.trim()}`,
          ...(container === undefined ? {} : { container }),
        };
      }),
  },
);
