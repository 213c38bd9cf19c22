// The entry: answers what needs no program at once, and loads the program for the rest.

declare const __NOWWHAT_VERSION__: string;

const args = process.argv.slice(2);

if (args.length === 1 && (args[0] === '--version' || args[0] === '-V'))
  process.stdout.write(`${__NOWWHAT_VERSION__}\n`);
else {
  const { runProcess } = await import('./process.ts');
  const status = await runProcess({
    args,
    version: __NOWWHAT_VERSION__,
    pages: new URL('./pages/', import.meta.url),
  });
  // A shell that completes waits for the end of the process, whatever server still owes an answer.
  if (args[0] === '__complete') process.exit(status);
  process.exitCode = status;
}
