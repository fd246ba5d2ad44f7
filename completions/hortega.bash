# SPDX-License-Identifier: Apache-2.0
# Completions of hortega for bash. The subcommands and options are asked of the program itself (`--help`), so
# that they never fall behind it.

# Names in the list of subcommands of a help text on stdin.
_hortega_subcommands() {
  awk '/^Subcommands:/ { inside = 1; next } /^[^ ]/ { inside = 0 } inside && /^  [a-z]/ { print $1 }'
}

# Kinds of input in the help text of `hortega schema` on stdin.
_hortega_kinds() {
  awk '/Kind of input:/ { inside = 1; next } /^[^ ]/ { inside = 0 } inside && /^ +[a-z]+:/ { sub(":.*", ""); print $1 }'
}

_hortega() {
  local program=${COMP_WORDS[0]} current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
  local subcommand='' word help
  COMPREPLY=()
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in
      -*) ;;
      *)
        subcommand=$word
        break
        ;;
    esac
  done
  if [ -z "$subcommand" ]; then
    help=$("$program" --help 2>/dev/null) || return 0
    if [[ $current == -* ]]; then
      mapfile -t COMPREPLY < <(compgen -W "$(grep -oE -- '--[a-z][a-z-]*' <<<"$help" | sort -u)" -- "$current")
    else
      mapfile -t COMPREPLY < <(compgen -W "$(_hortega_subcommands <<<"$help")" -- "$current")
    fi
    return 0
  fi
  if [[ $current == -* ]]; then
    help=$("$program" "$subcommand" --help 2>/dev/null) || return 0
    mapfile -t COMPREPLY < <(compgen -W "$(grep -oE -- '--[a-z][a-z-]*' <<<"$help" | sort -u)" -- "$current")
    return 0
  fi
  case $previous in
    --out) mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
    --seed | --replicates | --replicate | --threads | --draws | --lives | --most-lives | --follow | --person | --people | --set | --effort) ;;
    *)
      if [ "$subcommand" = replay ]; then
        mapfile -t COMPREPLY < <(compgen -d -- "$current")
      elif [ "$subcommand" = schema ]; then
        mapfile -t COMPREPLY < <(compgen -W "$("$program" schema --help 2>/dev/null | _hortega_kinds)" -- "$current")
      elif [ "$subcommand" = params ]; then
        mapfile -t COMPREPLY < <(compgen -W "$("$program" params 2>/dev/null | awk 'NR > 1 { print $1 }')" -- "$current")
      elif [ "$subcommand" = run ] || [ "$subcommand" = check ] || [ "$subcommand" = axon ] || [ "$subcommand" = compare ] || [ "$subcommand" = lesion ]; then
        mapfile -t COMPREPLY < <(compgen -f -X '!*.toml' -- "$current"; compgen -d -- "$current")
      else
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
      fi
      ;;
  esac
}

complete -o filenames -F _hortega hortega
