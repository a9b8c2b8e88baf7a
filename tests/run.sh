#!/bin/sh
# run.sh BUILD RUNNER...: runs the test runners one by one and adds up what they say.
#
# A runner is a program that prints TAP (a line `ok ...` or `not ok ...` per test, `# SKIP` on those
# it did not run) or, last, a line `N passed, N failed`. It finds the programs to test in
# $RECIRCUIT_BUILD and a PostgreSQL of the suite's own in $RECIRCUIT_DB (scratch.h, db.mjs).
# A runner that runs no test, or that fails without saying which test did, is one failure.
set -u
build=$1
shift
logs=$build/tests/log
mkdir -p "$logs"
RECIRCUIT_BUILD=$(realpath "$build")
CMOCKA_MESSAGE_OUTPUT=TAP
export RECIRCUIT_BUILD CMOCKA_MESSAGE_OUTPUT

count='
  /^(ok|not ok)( |$)/ {
    if (/# *[Ss][Kk][Ii][Pp]/) skipped++; else if (/^ok/) passed++; else failed++
  }
  /^[0-9]+ passed, [0-9]+ failed/ { is_said = 1; p = $1; f = $3 }
  END { if (is_said) { passed = p; failed = f } print passed + 0, failed + 0, skipped + 0 }'

all_passed=0 all_failed=0
for runner; do
  name=${runner#"$build/"}
  log=$logs/$(printf %s "${name#tests/}" | tr / -).log
  began=$(date +%s)
  timeout --foreground 900 "$runner" >"$log" 2>&1 </dev/null
  status=$?
  set -- $(awk "$count" "$log")
  passed=$1 failed=$2 skipped=$3 note=
  [ "$skipped" = 0 ] || note=", $skipped skipped"
  if [ $((passed + failed)) = 0 ]; then
    failed=1 note="$note, no test was run"
  elif [ $status != 0 ] && [ "$failed" = 0 ]; then
    failed=1 note="$note, exit status $status"
  fi
  printf '%-28s %4d passed, %d failed%s (%d s)\n' \
    "$name" "$passed" "$failed" "$note" $(($(date +%s) - began))
  [ "$failed" = 0 ] || { sed 's/^/    /' "$log" | tail -n 60; echo "    ($log)"; }
  all_passed=$((all_passed + passed)) all_failed=$((all_failed + failed))
done
echo "$all_passed passed, $all_failed failed"
[ $all_failed = 0 ] && [ $all_passed != 0 ]
