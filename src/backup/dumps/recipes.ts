// Reviewed ways to write the content of a database to standard output and to read it back, without stopping it. Scripts for `sh` in the database's own
// container: its own programs, its own variables, no secret on a command line.

import { type Hold, mongodbHold, redisHold } from './holds.ts';
import { mongodb, redis, valueOf } from './preludes.ts';

export type RecipeName = 'postgresql' | 'mysql' | 'mongodb' | 'redis';

export interface Recipe {
  readonly name: RecipeName;
  readonly title: string;
  /** Last parts of image names. */
  readonly images: readonly string[];
  /** Where the image is one of somebody's own: its port, and the beginning of a variable that such servers are set up with. */
  readonly port: number;
  readonly variable: RegExp;
  readonly extension: string;
  /** Standard output is the dump, and its exit status 0 where it is whole. */
  readonly dump: string;
  /** Takes the dump at its standard input; `$1` is its length in bytes. */
  readonly restore: string;
  /** What `restore` prints when it has come to the end of the dump; left out where its program knows the end by itself. */
  readonly echo?: string;
  /** Runs after `restore`; it may end the container, which then starts anew. */
  readonly finish?: string;
  /** What a restore does to the data that are there. */
  readonly replaces: string;
  /** What the user must know. */
  readonly note: string;
  /** The first bytes; left out where any will do. */
  readonly begin?: Uint8Array;
  /** Keeps its files as they are for a while; left out where no command does. */
  readonly hold?: Hold;
  /** Whether these are the last bytes of a whole dump. */
  readonly isEnd: (tail: Buffer) => boolean;
}

const echo = 'nowwhat: end of dump';
const postgresqlEnd = `\\echo ${echo}\n`;
const mysqlEnd = `select '${echo}';\n`;

/** The superuser where his password is known, else the user that the image was set up with. */
const postgresql = `set -eu
${valueOf}
if [ -n "$(value POSTGRESQL_POSTGRES_PASSWORD)" ]; then
  PGUSER=postgres PGPASSWORD=$(value POSTGRESQL_POSTGRES_PASSWORD)
else
  PGUSER=$(first POSTGRES_USER POSTGRESQL_USERNAME POSTGRESQL_USER); PGUSER=\${PGUSER:-postgres}
  PGPASSWORD=$(first POSTGRES_PASSWORD POSTGRESQL_PASSWORD PGPASSWORD)
fi
own=$(first POSTGRES_DB POSTGRES_DATABASE POSTGRESQL_DATABASE); own=\${own:-$PGUSER}
export PGUSER PGPASSWORD PGHOST=\${PGHOST:-127.0.0.1} PGCONNECT_TIMEOUT=10 PGDATABASE="$own"
all=$(psql -XAtqw -c 'select rolsuper from pg_roles where rolname = current_user')
`;

const mysql = `set -eu
${valueOf}
find() { for _p in "$@"; do if command -v "$_p" >/dev/null; then printf %s "$_p"; return; fi; done; echo "no $1 in this container" >&2; exit 127; }
MYSQL_PWD=$(first MYSQL_ROOT_PASSWORD MARIADB_ROOT_PASSWORD MYSQL_MASTER_ROOT_PASSWORD)
user=root
own=
if [ -z "$MYSQL_PWD" ] && [ -z "\${MYSQL_ALLOW_EMPTY_PASSWORD:-}\${MARIADB_ALLOW_EMPTY_ROOT_PASSWORD:-}\${ALLOW_EMPTY_PASSWORD:-}" ]; then
  user=$(first MYSQL_USER MARIADB_USER); user=\${user:-root}
  MYSQL_PWD=$(first MYSQL_PASSWORD MARIADB_PASSWORD)
  own=$(first MYSQL_DATABASE MARIADB_DATABASE)
fi
export MYSQL_PWD
`;

const mongoConfig = `3<<END
password: '$quoted'
END`;

const endsWith = (end: string) => (tail: Buffer) => tail.toString('latin1').endsWith(end);

export const recipes: readonly Recipe[] = [
  {
    name: 'postgresql',
    title: 'PostgreSQL',
    images: [
      'postgres',
      'postgresql',
      'postgis',
      'timescaledb',
      'timescaledb-ha',
      'pgvector',
      'spilo',
      'supabase-postgres',
    ],
    port: 5432,
    variable: /^(?:POSTGRES(?:QL)?_(?:USER(?:NAME)?|PASSWORD|DB|DATABASE)|PGDATA)/,
    extension: 'sql',
    // Roles that are there already are changed to what they were, and not made twice.
    dump: `${postgresql}if [ "$all" = t ]; then
  roles=$(pg_dumpall -w --globals-only)
  printf '%s\\n' "$roles" | sed 's/^CREATE ROLE \\(.*\\);$/DO $nowwhat$ BEGIN CREATE ROLE \\1; EXCEPTION WHEN duplicate_object THEN NULL; END $nowwhat$;/'
  names=$(psql -XAtqw -c "select datname from pg_database where datallowconn and not datistemplate and datname <> 'postgres' order by 1")
  printf '%s\\n' "$names" | while IFS= read -r name; do
    if [ -n "$name" ]; then PGDATABASE="$name" pg_dump -w --create --clean --if-exists; fi
  done
  printf '\\n\\\\connect postgres\\n'
  PGDATABASE=postgres pg_dump -w --clean --if-exists
else
  printf '\\\\connect %s\\n' "\\"$own\\""
  pg_dump -w --clean --if-exists
fi
printf '\\n%s' '${postgresqlEnd}'`,
    restore: `${postgresql}if [ "$all" = t ]; then PGDATABASE=template1; fi
psql -Xqw -v ON_ERROR_STOP=1 -f -`,
    echo,
    replaces: 'all its databases are dropped and made anew, and roles get the passwords that they had',
    note: 'each database is of one moment; nobody may be connected to it while it is restored',
    isEnd: endsWith(postgresqlEnd),
  },
  {
    name: 'mysql',
    title: 'MySQL or MariaDB',
    images: ['mysql', 'mysql-server', 'mariadb', 'percona', 'percona-server', 'mariadb-galera'],
    port: 3306,
    variable: /^(?:MYSQL|MARIADB)_(?:ROOT_PASSWORD|DATABASE|USER|PASSWORD|ALLOW_EMPTY|RANDOM_ROOT)/,
    extension: 'sql',
    dump: `${mysql}dump=$(find mariadb-dump mysqldump)
client=$(find mariadb mysql)
set -- --single-transaction --quick --routines --events --triggers --no-tablespaces --default-character-set=utf8mb4
if "$dump" --help 2>/dev/null | grep -q set-gtid-purged; then set -- "$@" --set-gtid-purged=OFF; fi
if [ -n "$own" ]; then
  names=$own
else
  names=$("$client" --user="$user" -N -B -e "select schema_name from information_schema.schemata where schema_name not in ('mysql','information_schema','performance_schema','sys') order by 1")
fi
printf '%s\\n' "$names" | while IFS= read -r name; do
  if [ -n "$name" ]; then "$dump" --user="$user" "$@" --add-drop-database --databases "$name"; fi
done
cat <<'END'

${mysqlEnd}END
`,
    restore: `${mysql}client=$(find mariadb mysql)
"$client" --user="$user" --default-character-set=utf8mb4`,
    echo,
    replaces: 'each database of the dump is dropped and made anew',
    note: 'tables of InnoDB are of one moment in each database; accounts of the server are not in it',
    isEnd: endsWith(mysqlEnd),
  },
  {
    name: 'mongodb',
    title: 'MongoDB',
    images: ['mongo', 'mongodb', 'percona-server-mongodb'],
    port: 27_017,
    variable: /^(?:MONGO_INITDB_|MONGODB_)/,
    extension: 'archive',
    dump: `${mongodb}as mongodump --quiet --archive ${mongoConfig}`,
    restore: `${mongodb}as mongorestore --quiet --archive --drop ${mongoConfig}`,
    replaces: 'each collection of the dump is dropped and made anew',
    note: 'collections are not of the same moment',
    hold: mongodbHold,
    begin: Uint8Array.of(0x6d, 0xe2, 0x99, 0x81),
    isEnd: (tail) => tail.subarray(-4).equals(Buffer.from([0xff, 0xff, 0xff, 0xff])),
  },
  {
    name: 'redis',
    title: 'Redis or Valkey',
    images: ['redis', 'valkey', 'keydb', 'redis-stack-server', 'redis-stack'],
    port: 6379,
    variable: /^(?:REDIS|VALKEY)_/,
    extension: 'rdb',
    dump: `${redis}exec "$cli" --rdb -`,
    // The server reads its file at its start and at no other time. An append-only log would win over it.
    restore: `${redis}setting() { "$cli" config get "$1" | sed -n 2p; }
if [ "$(setting appendonly)" != no ]; then echo 'it keeps an append-only log, which would win over what is restored' >&2; exit 3; fi
file=$(setting dir)/$(setting dbfilename)
trap 'rm -f "$file.nowwhat"' EXIT
cat > "$file.nowwhat"
if [ "$(wc -c < "$file.nowwhat" | tr -d ' ')" != "$1" ]; then echo 'not all of it has arrived' >&2; exit 4; fi
"$cli" config set save '' >/dev/null
mv "$file.nowwhat" "$file"`,
    finish: `${redis}exec "$cli" shutdown nosave`,
    replaces: 'all its data are replaced, and the server ends and starts anew to read them',
    note: 'it is of one moment; a restore needs the data folder on a volume, and no append-only log',
    hold: redisHold,
    begin: Buffer.from('REDIS'),
    // The end of a file is this mark and eight bytes of a checksum; what comes without a disk has 40 letters of its transfer behind it, which servers pass over.
    isEnd: (tail) =>
      tail.at(-9) === 0xff || (tail.at(-49) === 0xff && /^[0-9a-f]{40}$/.test(tail.subarray(-40).toString('latin1'))),
  },
];

export function findRecipe(name: string): Recipe | undefined {
  return recipes.find((recipe) => recipe.name === name);
}
