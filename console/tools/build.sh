#!/bin/sh
# Builds the console for the jar. Called by Maven: build.sh <install|build|test> [output folder]
# Does nothing where nothing has changed, so that a Java developer hardly notices the console.
set -eu
cd "$(dirname "$0")/.."

fail() { printf '\n%s\n%s\n\n' "$1" "Or build Conurb without its console: add -Dconsole.skip" >&2; exit 1; }
command -v node >/dev/null 2>&1 || fail "The console needs Node.js 20.19 or newer, and none was found. Debian and Ubuntu: apt install nodejs npm"
command -v npm >/dev/null 2>&1 || fail "The console needs npm, and none was found. Debian and Ubuntu: apt install npm"
node -e 'const [a,b]=process.versions.node.split(".").map(Number);process.exit(a>22||a===22&&b>=12||a===20&&b>=19?0:1)' ||
  fail "The console needs Node.js 20.19 or newer (of 22: 22.12); this is $(node --version). Any npm can fetch one: npm install --global node@24"

changed_since() { # stamp, paths…: whether something is newer than the stamp
  stamp=$1; shift
  [ ! -e "$stamp" ] || [ -n "$(find "$@" -newer "$stamp" -print 2>/dev/null | head -n 1)" ]
}

case ${1:-} in
install)
  if changed_since node_modules/.conurb-installed package-lock.json package.json; then
    npm ci --no-audit --no-fund --prefer-offline --loglevel=error
    touch node_modules/.conurb-installed
  fi ;;
build)
  if changed_since target/.conurb-built src public tools index.html vite.config.ts tsconfig.json package-lock.json || ! grep -qs 'id="root"' "$2/index.html"; then
    npm run --silent build -- --outDir "$2" --emptyOutDir --logLevel warn
    npm sbom --sbom-format cyclonedx --omit dev >target/sbom.json
    node tools/notices.mjs >"$2/THIRD-PARTY.txt"
    touch target/.conurb-built
  fi ;;
test)
  npm run --silent test ;;
*)
  echo "build.sh <install|build|test> [output folder]" >&2; exit 2 ;;
esac
