// Reviewed ways to keep the files of a database as they are while they are copied. What holds it lets go by itself after a time, whatever becomes of us, and
// whoever lets go afterwards is told whether it was held to the end.

import { mongodb, redis } from './preludes.ts';

export interface Hold {
  /** `$1`: seconds after which it lets go by itself. Exit status 0: it is held. */
  readonly begin: string;
  /** Exit status 0: it was held until now. It is let go in any case. */
  readonly end: string;
  /** What the user must know. */
  readonly note: string;
}

/** A file in the container for what the end must know of the beginning. */
const notes = String.raw`notes=
for _d in /tmp /dev/shm; do if [ -d "$_d" ] && [ -w "$_d" ]; then notes=$_d/nowwhat-hold; break; fi; done
if [ -z "$notes" ]; then echo 'neither /tmp nor /dev/shm can be written' >&2; exit 6; fi
`;

const askRedis = String.raw`${redis}${notes}fact() { "$cli" info persistence | tr -d '\r' | sed -n "s/^$1://p"; }
role=$("$cli" role | sed -n 1p)
log=$("$cli" config get appendonly | sed -n 2p)
`;

/** Writes are held up; who follows a leader still writes what comes from there, into its log if it keeps one. */
export const redisHold: Hold = {
  begin: String.raw`${askRedis}if [ "$role" = slave ] && [ "$log" != no ]; then echo 'it follows a leader and keeps a log: hold the leader' >&2; exit 3; fi
said=$("$cli" client pause "$(($1 * 1000))" write)
if [ "$said" != OK ]; then echo "client pause: $said (it needs Redis 6.2)" >&2; exit 4; fi
tries=0
while said=$("$cli" save); [ "$said" != OK ]; do
  tries=$((tries + 1))
  if [ "$tries" -gt 30 ]; then "$cli" client unpause >/dev/null; echo "save: $said" >&2; exit 5; fi
  sleep 1
done
fact rdb_last_save_time > "$notes"`,
  end: String.raw`${askRedis}saved=$(cat "$notes" 2>/dev/null) || saved=
rm -f "$notes"
changes=$(fact rdb_changes_since_last_save)
now=$(fact rdb_last_save_time)
"$cli" client unpause >/dev/null
if [ "$saved" != "$now" ]; then echo 'it wrote its file again while it was copied' >&2; exit 7; fi
if [ "$role" != slave ] && [ "$changes" != 0 ]; then echo 'it took writes again before its files were copied: hold it for longer' >&2; exit 7; fi`,
  note: 'writes wait, reads go on; all that it holds is saved to its file first',
};

/** Commands of the server, which both shells know; the password goes in at standard input. */
const askMongodb = String.raw`${mongodb}${notes}shell=$(command -v mongosh || command -v mongo) || { echo 'no mongosh in this container' >&2; exit 127; }
escaped() { printf %s "$1" | sed 's/[\\"]/\\&/g'; }
login=
if [ -n "$password" ]; then login="d.auth(\"$(escaped "$user")\", \"$(escaped "$password")\");"; fi
tell() {
  said=$(printf '%s\n' "var d = db.getSiblingDB('admin'); $login var r = d.runCommand($1); print(r.ok === 1 ? 'nowwhat: done' : 'nowwhat: ' + r.errmsg);" | "$shell" --quiet --norc 2>&1) || :
  case $said in *'nowwhat: done'*) return 0 ;; esac
  return 1
}
why() { printf '%s\n' "$said" | sed -n 's/.*nowwhat: //p' | tail -1 >&2; }
`;

export const mongodbHold: Hold = {
  begin: String.raw`${askMongodb}if ! tell '{ fsync: 1, lock: true }'; then why; exit 3; fi
( trap '' HUP; trap 'kill "$clock"; exit' TERM; sleep "$1" & clock=$!; wait "$clock"; tell '{ fsyncUnlock: 1 }'; rm -f "$notes" ) </dev/null >/dev/null 2>&1 &
echo $! > "$notes"`,
  end: String.raw`${askMongodb}watch=$(cat "$notes" 2>/dev/null) || watch=
rm -f "$notes"
if [ -n "$watch" ]; then kill "$watch" 2>/dev/null || :; fi
held=0
tell '{ fsyncUnlock: 1 }' || held=1
if [ -z "$watch" ] || [ "$held" = 1 ]; then echo 'it was let go before its files were copied: hold it for longer' >&2; exit 7; fi`,
  note: 'writes wait, and reads that come after a waiting write; only this member of a replica set is held',
};
