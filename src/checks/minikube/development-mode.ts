// Finds settings that run a program in its development mode.

import { objectCheck } from '../check.ts';
import { minikubeMeta } from './minikube-meta.ts';
import { hasSettings, settingsOf } from './settings.ts';
import { isSameJson } from '../../model/index.ts';
import { offer, way } from '../fix.ts';

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

/** The value that means production, in the words of the framework; a switch is turned off the way it was turned on. */
function productionOf(name: string, value: string): string | undefined {
  const now = value.trim();
  if (name === 'GIN_MODE') return 'release';
  if (on.test(now)) return { '1': '0', true: 'false', yes: 'no', on: 'off' }[now.toLowerCase()];
  if (name === 'ASPNETCORE_ENVIRONMENT' || name === 'DOTNET_ENVIRONMENT') return 'Production';
  if (name === 'SPRING_PROFILES_ACTIVE' || name === 'QUARKUS_PROFILE' || name === 'MICRONAUT_ENVIRONMENTS')
    return now.includes(',') ? undefined : 'prod';
  if (name === 'MIX_ENV') return 'prod';
  return 'production';
}

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
    fix: (object, { path = [] }, { inventory }) => {
      const setting = settingsOf(object, inventory).find((each) => isSameJson(each.path, path));
      const value = setting === undefined ? undefined : productionOf(setting.name, setting.value);
      if (value === undefined) return undefined;
      return offer(
        way(
          {
            id: 'production',
            title: `Set ${setting?.name} to ${value}`,
            consequence:
              'the program takes its settings for production: it may look for a database or keys that only development could do without',
          },
          [{ op: 'set', path, value }],
        ),
      );
    },
  },
);
