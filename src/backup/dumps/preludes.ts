// Beginnings of scripts for `sh` in the container of a database: who asks, and with which password, from the variables that images are set up with.

/** `VALUE_FILE` is where images take secrets from a mounted file. */
export const valueOf = `value() { eval "_v=\\\${$1:-}; _f=\\\${$1_FILE:-}"; if [ -n "$_v" ]; then printf %s "$_v"; elif [ -n "$_f" ]; then cat "$_f"; fi; }
first() { for _n in "$@"; do _r=$(value "$_n"); if [ -n "$_r" ]; then printf %s "$_r"; return; fi; done; }`;

export const mongodb = `set -eu
${valueOf}
user=$(first MONGO_INITDB_ROOT_USERNAME MONGODB_ROOT_USER)
password=$(first MONGO_INITDB_ROOT_PASSWORD MONGODB_ROOT_PASSWORD)
if [ -n "$password" ] && [ -z "$user" ]; then user=root; fi
quoted=$(printf %s "$password" | sed "s/'/''/g")
as() { if [ -n "$user" ]; then "$@" --username="$user" --authenticationDatabase=admin --config=/dev/fd/3; else "$@"; fi; }
`;

export const redis = `set -eu
${valueOf}
cli=$(command -v redis-cli || command -v valkey-cli || command -v keydb-cli) || { echo 'no redis-cli in this container' >&2; exit 127; }
REDISCLI_AUTH=$(first REDISCLI_AUTH REDIS_PASSWORD VALKEY_PASSWORD REDIS_MASTER_PASSWORD)
if [ -n "$REDISCLI_AUTH" ]; then export REDISCLI_AUTH VALKEYCLI_AUTH="$REDISCLI_AUTH"; else unset REDISCLI_AUTH; fi
`;
