// The completion script for zsh.

import { type Described, type DescribedFlag, isFirst, patternOf } from './describe-commands.ts';
import { quote } from './quote.ts';

function actionOf({ takesValue, values, isNamed }: DescribedFlag): string {
  if (!takesValue) return '';
  if (isNamed) return ':name:_nowwhat_names';
  return values.length > 0 ? `:value:(${values.join(' ')})` : ':value:_files';
}

function specsOf(flag: DescribedFlag): string[] {
  const { long, short, summary, takesValue } = flag;
  const rest = `[${quote(summary)}]${actionOf(flag)}`;
  const [often, sign] = takesValue ? ['*', '='] : ['', ''];
  return [...(short === undefined ? [] : [`'${often}${short}${rest}'`]), `'${often}${long}${sign}${rest}'`];
}

function wordsOf({ path, children, isNamed }: Described): string {
  const rest = isNamed ? "'*:name:_nowwhat_names'" : "'*:path:_files'";
  const first = path === 'explain' ? '$ids' : children.join(' ');
  if (first === '') return rest;
  const names = isNamed ? `{ compadd ${first}; _nowwhat_names }` : `(${first})`;
  return `'1:word:${names}' ${rest}`;
}

function wordCase(each: Described): string {
  const depth = each.path.split(' ').length;
  const options = each.flags.flatMap(specsOf).join(' ');
  return `    ${patternOf(each)}) shift ${depth} words; (( CURRENT -= ${depth} )); _arguments ${options} ${wordsOf(each)} ;;`;
}

export function renderZsh(commands: readonly Described[], ids: readonly string[]): string {
  const list = commands
    .filter(isFirst)
    .map(({ path, summary }) => `    '${path}:${quote(summary)}'`)
    .join('\n');
  return `#compdef nowwhat kubectl-nowwhat
_nowwhat_names() {
  local -a names
  names=(\${(f)"$("\${_nowwhat_line[1]}" __complete -- "\${(@)_nowwhat_line[2,-1]}" 2>/dev/null </dev/null)"})
  compadd -a names
}
_nowwhat() {
  local -a commands ids _nowwhat_line
  _nowwhat_line=("\${(@)words[1,CURRENT]}")
  ids=(${ids.join(' ')})
  commands=(
${list}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    _files
    return
  fi
  local place=\${words[2]}
  (( CURRENT > 3 )) && place="$place \${words[3]}"
  case "$place" in
${commands.map(wordCase).join('\n')}
  esac
}
compdef _nowwhat nowwhat kubectl-nowwhat
`;
}
