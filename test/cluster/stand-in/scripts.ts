// What stands in for the programs of an app: shell for any image that has sh, nc, env, sed and grep, as busybox has.

/**
 * Prints each HOST:PORT among the values of the environment, and in the files that it names, with or without scheme, login and path. Hosts begin with a
 * letter: the addresses that Kubernetes itself puts there begin with a digit, and nobody calls them.
 */
const addresses = String.raw`files() {
  env | sed -n 's#^[A-Za-z0-9_]*_FILE=\(/.*\)$#\1#p'
}
addresses() {
  (env | sed 's#^[^=]*=##'; files | while read -r file; do cat "$file"; echo; done) |
    sed -n 's#^\([a-z][a-z0-9+.-]*://\)\{0,1\}\([^/@]*@\)\{0,1\}\([a-z][a-zA-Z0-9.-]*:[0-9][0-9]*\)\(/.*\)\{0,1\}$#\3#p' | sort -u
}`;

/** As a program would that keeps something: it ends where it may not write to a folder of its own, or read a file that it is told of. */
const useFiles = String.raw`for folder in $FOLDERS; do
  echo ok > "$folder/stand-in" || { echo "cannot write to $folder"; exit 1; }
done
files | while read -r file; do
  case "$file" in /run/secrets/*) [ -r "$file" ] || { echo "cannot read $file"; exit 1; } ;; esac
done || exit 1`;

/** Answers a connection: HTTP where the caller speaks it, else every line comes back, as long as the caller stays. */
const answer = String.raw`read -r first || exit 0
case "$first" in
  GET*|HEAD*|POST*) printf 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n' ;;
  *) echo "$first"; exec cat ;;
esac`;

/** Listens on the ports that its arguments name and calls every address of its environment: the connection is held, and made again when it breaks. */
export const serve = String.raw`trap 'exit 0' TERM INT
trap 'echo "a port is taken"; exit 1' USR1
${addresses}
${useFiles}
self=$$
for port in "$@"; do
  (nc -ll -p "$port" -e sh -c "$ANSWER"; kill -USR1 $self) &
done
for address in $(addresses); do
  (while :; do
    (while :; do echo "hello from $HOSTNAME"; sleep 2; done) | nc -w 3 "${'$'}{address%:*}" "${'$'}{address##*:}" >/dev/null 2>&1
    sleep 1
  done) &
done
while :; do sleep 3600 & wait $!; done`;

/** Calls every address of its environment until each has answered, and ends: for what runs before the others, or once. */
export const callOnce = String.raw`trap 'exit 1' TERM INT
${addresses}
${useFiles}
for address in $(addresses); do
  until (echo hello; sleep 1) | nc -w 3 "${'$'}{address%:*}" "${'$'}{address##*:}" 2>/dev/null | grep -q .; do sleep 1; done
done`;

export const answerScript = answer;
