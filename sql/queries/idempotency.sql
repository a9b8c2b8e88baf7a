-- name: idempotency_wait
-- $1 key. Waits until no other transaction answers to it for the caller's organisation. No row.
SELECT FROM pg_advisory_xact_lock(hashtextextended(app_organisation() || ' ' || $1::text, 0));

-- name: idempotency_find
-- $1 keys (an array). What was answered to them in the caller's organisation. Result: key, request (SHA-256,
-- hexadecimal), status, location (null without one), answer.
SELECT key, encode(request, 'hex') AS request, status, location, answer FROM idempotency
 WHERE organisation = app_organisation() AND key = ANY ($1::text[]);

-- name: idempotency_keep
-- $1 JSON array of {key, request (SHA-256, hexadecimal), status, location, answer}. No row.
INSERT INTO idempotency (organisation, key, request, status, location, answer)
SELECT app_organisation(), i.key, decode(i.request, 'hex'), i.status, i.location, i.answer
  FROM json_to_recordset($1::json) AS i (key text, request text, status integer, location text, answer text);

-- name: idempotency_purge
-- Takes away keys older than 90 days, of any organisation, at most 10,000. Result: purged (how many); 1 row.
SELECT idempotency_purge() AS purged;
