# What ./build and ./chaperone share. Sourced, never run; works with bash 3.2 (macOS) and later.

say() { printf '%s\n' "$*" >&2; }

die() {
  local status=$1
  shift
  say "$*"
  exit "$status"
}

# The folder of a script that may have been called through symbolic links.
folder_of() {
  local path=$1 link
  while [ -L "$path" ]; do
    link=$(readlink "$path")
    case $link in
      /*) path=$link ;;
      *) path=$(dirname "$path")/$link ;;
    esac
  done
  (cd "$(dirname "$path")" && pwd -P)
}

# Whether a folder is a JDK 25: its release file says so, and it has a compiler.
is_jdk25() {
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] &&
    grep -Eq '^JAVA_VERSION="25([."+-]|$)' "$1/release"
}

# The folder of the java on PATH, links resolved.
home_of_path_java() {
  local java
  java=$(command -v java) || return 1
  dirname "$(folder_of "$java")"
}

# Sets JAVA_HOME to a JDK 25 and exports it: JAVA_HOME itself, then the java on PATH, then where
# packages, SDKMAN, asdf, mise, jenv, Homebrew and IDEs put them.
find_jdk25() {
  local found
  if [ -n "${JAVA_HOME:-}" ] && is_jdk25 "$JAVA_HOME"; then
    export JAVA_HOME
    return 0
  fi
  for found in \
    "$(home_of_path_java || true)" \
    "${JAVA_HOME_25_X64:-}" "${JAVA_HOME_25_ARM64:-}" \
    /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /opt/java/* /opt/jdk* /opt/*jdk* \
    /usr/local/lib/jvm/* /usr/local/openjdk* /usr/local/*jdk* \
    "$HOME"/.sdkman/candidates/java/* "$HOME"/.asdf/installs/java/* \
    "$HOME"/.local/share/mise/installs/java/* "$HOME"/.jenv/versions/* "$HOME"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    if [ -n "$found" ] && is_jdk25 "$found"; then
      JAVA_HOME=$found
      export JAVA_HOME
      return 0
    fi
  done
  return 1
}

require_jdk25() {
  find_jdk25 && return 0
  say "chaperone: no JDK 25 found."
  if [ -n "${JAVA_HOME:-}" ]; then
    say "  JAVA_HOME is $JAVA_HOME, which is not a JDK 25."
  fi
  if command -v java >/dev/null 2>&1; then
    say "  The java on PATH is $(command -v java), which is not of a JDK 25."
  fi
  die 2 "  Install one (for example Temurin 25) and, if it lies in an unusual place, set JAVA_HOME to it."
}

require_maven() {
  command -v mvn >/dev/null 2>&1 ||
    die 2 "chaperone: no Maven found (mvn is not on PATH). Install Maven 3.8 or later."
}

# The errors in a Maven log, with the compiler's warnings, which count as errors here; without what
# Maven says of itself.
show_errors() {
  grep -E '^\[ERROR\] |^\[WARNING\] .*\.java:' "$1" |
    sed -e '/-> \[Help 1\]$/q' | awk '!seen[$0]++' | head -n 30 >&2 || true
}

# Maven itself runs on the JDK that was found; its own libraries make a newer JDK warn of what we
# cannot change.
export MAVEN_OPTS="${MAVEN_OPTS:-} --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED"

# Removes a lock whose owner is gone. Looked at again under a lock of its own, so that of several who
# see a dead owner none removes what another has taken meanwhile.
take_from_dead() {
  local lock=$1 owner
  mkdir "$lock.removal" 2>/dev/null || return 0
  owner=$(cat "$lock/pid" 2>/dev/null || true)
  if [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null; then
    rm -rf "$lock"
  fi
  rmdir "$lock.removal"
}

# Takes the lock on a folder's build, waiting for whoever has it; the lock of a process that is gone
# is taken over. Released at exit.
lock_build() {
  local lock=$1/lock owner waited=0
  mkdir -p "$1"
  until mkdir "$lock" 2>/dev/null; do
    owner=$(cat "$lock/pid" 2>/dev/null || true)
    if [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null; then
      take_from_dead "$lock"
    fi
    [ "$waited" -ne 5 ] || say "chaperone: waiting for another build (process ${owner:-unknown})"
    waited=$((waited + 1))
    [ "$waited" -lt 1800 ] || die 1 "chaperone: gave up waiting for $lock; remove it if no build runs"
    sleep 1
  done
  echo $$ >"$lock/pid"
  # shellcheck disable=SC2064 # the path as it is now
  trap "rm -rf '$lock'" EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
}

# Whether what ./chaperone runs is older than its sources; folders count too, so that a removed file
# is noticed.
is_stale() {
  local root=$1 stamp=$1/target/build/stamp
  [ -f "$stamp" ] && [ -f "$root/app/target/chaperone.jar" ] && [ -d "$root/app/target/lib" ] ||
    return 0
  [ -n "$(find "$root"/pom.xml "$root"/*/pom.xml "$root"/protocols/*/pom.xml \
    "$root"/*/src/main "$root"/protocols/*/src/main -newer "$stamp" -print 2>/dev/null | head -n 1)" ]
}
