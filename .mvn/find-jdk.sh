# shellcheck shell=sh
# shellcheck disable=SC2034 # VISTADR_JDK is for the caller
# Sourced by ./mvnw and ./vistadr. Sets VISTADR_JDK to the home of a JDK 25 or newer, or explains what to
# install and returns 1. The version is read from the JDK's own `release` file, so that no JVM is started.

vistadr_jdk_fits() {
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  vistadr_major=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
  [ -n "$vistadr_major" ] && [ "$vistadr_major" -ge 25 ]
}

# The home that a `java` or `javac` on the PATH belongs to, symbolic links followed.
vistadr_jdk_on_path() {
  vistadr_bin=$(command -v javac 2>/dev/null) || return 0
  while [ -L "$vistadr_bin" ]; do
    vistadr_link=$(readlink "$vistadr_bin")
    case $vistadr_link in
      /*) vistadr_bin=$vistadr_link ;;
      *) vistadr_bin=$(dirname "$vistadr_bin")/$vistadr_link ;;
    esac
  done
  (cd "$(dirname "$vistadr_bin")/.." 2>/dev/null && pwd -P) || true
}

vistadr_find_jdk() {
  if [ -n "${VISTADR_JAVA:-}" ]; then
    vistadr_asked=${VISTADR_JAVA%/bin/java}
    if vistadr_jdk_fits "$vistadr_asked"; then
      VISTADR_JDK=$vistadr_asked
      return 0
    fi
    echo "vistadr: VISTADR_JAVA=$VISTADR_JAVA is not a JDK 25 or newer" >&2
    echo "HINT: unset it to have one looked for, or name the home folder of a JDK." >&2
    return 1
  fi
  for vistadr_home in \
    "${JAVA_HOME:-/nonexistent}" \
    "$(vistadr_jdk_on_path)" \
    /usr/lib/jvm/* \
    /usr/local/lib/jvm/* \
    /usr/java/* \
    /opt/java/* /opt/jdk* /opt/*-jdk* \
    "${SDKMAN_DIR:-${HOME:-}/.sdkman}"/candidates/java/* \
    "${HOME:-}"/.jdks/* \
    "${HOME:-}"/.asdf/installs/java/* \
    "${HOME:-}"/.local/share/mise/installs/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "${HOME:-}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    if vistadr_jdk_fits "$vistadr_home"; then
      VISTADR_JDK=$vistadr_home
      return 0
    fi
  done
  cat >&2 <<'TEXT'
vistadr: no JDK 25 or newer found
HINT: install one, for example Eclipse Temurin 25:
        Debian/Ubuntu   apt-get install temurin-25-jdk   (or openjdk-25-jdk)
        Fedora/RHEL     dnf install java-25-openjdk-devel
        macOS           brew install --cask temurin@25
        SDKMAN          sdk install java 25-tem
      or set JAVA_HOME (or VISTADR_JAVA) to the folder of an unpacked JDK 25.
TEXT
  return 1
}
