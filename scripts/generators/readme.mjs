// Transcripts in the user docs: after a line `<!-- run: nowwhat … -->` the next code block is what that command prints.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

const marker = /<!-- run: nowwhat (.+?)(?: \| head (\d+))? -->\n+```[a-z]*\n(?:[\s\S]*?\n)?```/g;

function transcript(text) {
  return text.replace(marker, (whole, command, head) => {
    const env = { ...process.env, NO_COLOR: '1', COLUMNS: '100' };
    const { stdout, stderr } = spawnSync(process.execPath, ['bin/nowwhat.js', ...command.split(' ')], {
      encoding: 'utf8',
      env,
    });
    const lines = `${stdout}${stderr}`
      .replace(/^\n+|\s+$/g, '')
      .split('\n')
      .map((line) => line.trimEnd());
    const shown = head === undefined ? lines : lines.slice(0, Number(head));
    const note = head === undefined ? '' : ` | head ${head}`;
    return `<!-- run: nowwhat ${command}${note} -->\n\n\`\`\`console\n$ nowwhat ${command}\n${shown.join('\n')}\n\`\`\``;
  });
}

export function generate() {
  spawnSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' });
  const pages = [
    'README.md',
    ...(existsSync('docs')
      ? readdirSync('docs')
          .filter((name) => name.endsWith('.md'))
          .map((name) => `docs/${name}`)
      : []),
  ];
  return new Map(
    pages
      .map((page) => [page, transcript(readFileSync(page, 'utf8'))])
      .filter(([, text]) => text.includes('<!-- run:')),
  );
}
