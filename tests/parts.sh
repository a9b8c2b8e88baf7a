#!/bin/sh
# parts.sh PART...: runs PART.test.mjs of the folder one after another and adds up what they say; a runner of several files
# ends with `exec ../parts.sh one another`. A part that says no count is one failure.
for part; do
	node "$part.test.mjs"
done | awk -v wanted=$# '
	/^[0-9]+ passed, [0-9]+ failed$/ { passed += $1; failed += $3; parts++; next }
	{ print; fflush() }
	END { failed += wanted - parts; print passed + 0 " passed, " failed + 0 " failed"; exit failed != 0 || !passed }'
