// The completion script for bash, from version 3.2 on.

import { type Described, type DescribedFlag, isFirst, patternOf } from './describe-commands.ts';

/** Words of an option that takes several kinds, one by one. */
function choiceCases(flags: readonly DescribedFlag[]): string[] {
  const byFlag = new Map<string, Set<string>>();
  for (const { long, values } of flags)
    if (values.length > 0) byFlag.set(long, new Set([...(byFlag.get(long) ?? []), ...values]));
  return [...byFlag].map(
    ([long, words]) =>
      `    ${long}${long === '--output' ? '|-o' : ''}) COMPREPLY=($(compgen -W "${[...words].join(' ')}" -- "$current")); return ;;`,
  );
}

function patternsOf(flags: readonly DescribedFlag[]): string {
  const names = flags.flatMap(({ long, short }) => (short === undefined ? [long] : [long, short]));
  return [...new Set(names)].join('|');
}

function wordCase(each: Described): string {
  const words = [...each.children, ...each.flags.map(({ long }) => long)];
  const names = each.isNamed ? ` named=" ${each.children.join(' ')}"` : '';
  return `    ${patternOf(each)}) words="${words.join(' ')}"${names} ;;`;
}

/** Words that bash cuts at `:` and `=` are put together again: names of contexts have them. */
const names = `_nowwhat_names() {
  local rest="\${COMP_LINE:0:COMP_POINT}" piece name lead
  local -a line
  line=()
  for piece in "\${COMP_WORDS[@]:0:COMP_CWORD+1}"; do
    if [[ \${#line[@]} -gt 0 && -n $piece && $rest == "$piece"* ]]; then
      line[\${#line[@]}-1]+="$piece"
    else
      line+=("$piece")
    fi
    rest="\${rest#*"$piece"}"
  done
  lead="\${line[\${#line[@]}-1]%"$current"}"
  lead="\${lead#--*=}"
  while IFS= read -r name; do
    name="\${name#"$lead"}"
    [[ $name == *[!A-Za-z0-9_.,:/@%+=-]* ]] && name="$(printf %q "$name")"
    COMPREPLY+=("$name")
  done < <("\${line[0]}" __complete -- "\${line[@]:1}" 2>/dev/null </dev/null)
  compopt +o filenames 2>/dev/null
}
`;

export function renderBash(commands: readonly Described[], ids: readonly string[]): string {
  const flags = commands.flatMap((each) => each.flags);
  const named = flags.filter(({ isNamed }) => isNamed);
  const open = flags.filter((each) => each.takesValue && each.values.length === 0 && !each.isNamed);
  return `# bash completion for nowwhat
${names}
_nowwhat() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" words="" place="" named=""
  COMPREPLY=()
  case "$current" in
    =) current="" ;;
    :) current=""; _nowwhat_names; return ;;
    *) [[ $previous == = ]] && previous="\${COMP_WORDS[COMP_CWORD-2]}" ;;
  esac
  case "$previous" in
${choiceCases(flags).join('\n')}
    --check|--skip|explain) COMPREPLY=($(compgen -W "${ids.join(' ')}" -- "$current")); return ;;
    ${patternsOf(named)}|:) _nowwhat_names; return ;;
    ${patternsOf(open)}) COMPREPLY=($(compgen -f -- "$current")); return ;;
  esac
  (( COMP_CWORD > 1 )) && place="\${COMP_WORDS[1]}"
  (( COMP_CWORD > 2 )) && place="$place \${COMP_WORDS[2]}"
  case "$place" in
${commands.map(wordCase).join('\n')}
    *) words="${commands
      .filter(isFirst)
      .map(({ path }) => path)
      .join(' ')}" ;;
  esac
  if [[ -n $named && $current != -* ]]; then
    COMPREPLY=($(compgen -W "$named" -- "$current"))
    _nowwhat_names
    return
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  [[ $current == -* ]] || COMPREPLY+=($(compgen -f -- "$current"))
}
complete -o filenames -F _nowwhat nowwhat kubectl-nowwhat
`;
}
