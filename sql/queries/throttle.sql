-- Wrong passwords given lately. $1 is always the counter of an address, $2 that of a login.

-- name: throttle_wait
-- Result: seconds (integer) until either may try again, 0 = now; 1 row.
SELECT coalesce(ceil(extract(epoch FROM max(until) - clock_timestamp())), 0)::integer AS seconds
  FROM throttle
 WHERE subject IN ($1::text, $2::text) AND until > clock_timestamp();

-- name: throttle_count
-- Counts an attempt on both, one after another in the same order for everybody. A login may be wrong
-- 5 times, an address 20; the next attempts wait 1, 2, 4, ... seconds, 15 minutes at most. Forgets what is a
-- day old. Result: subject, for each that could be counted; one that must still wait is missing.
WITH old AS (
  DELETE FROM throttle WHERE subject IN (
    SELECT subject FROM throttle
     WHERE last_at < now() - interval '1 day' AND subject NOT IN ($1::text, $2::text)
     LIMIT 100 FOR UPDATE SKIP LOCKED)
)
INSERT INTO throttle AS t (subject, failures, last_at, until)
SELECT subject, 1, clock_timestamp(), clock_timestamp()
  FROM unnest(ARRAY[$1::text, $2::text]) AS subject
ON CONFLICT (subject) DO UPDATE
   SET failures = CASE WHEN t.last_at < now() - interval '1 day' THEN 1 ELSE t.failures + 1 END,
       last_at = clock_timestamp(),
       until = clock_timestamp() + CASE
         WHEN t.last_at < now() - interval '1 day' THEN interval '0'
         ELSE floor(least(2 ^ least(t.failures - CASE WHEN t.subject LIKE 'login:%' THEN 4 ELSE 19 END, 10), 900))
              * interval '1 second'
       END
 WHERE t.until <= clock_timestamp()
RETURNING subject;

-- name: throttle_forgive
-- After a good password: the login starts afresh, the address is as before the attempt. No row.
WITH login AS (
  DELETE FROM throttle WHERE subject = $2::text
), alone AS (
  DELETE FROM throttle WHERE subject = $1::text AND failures = 1
)
UPDATE throttle SET failures = failures - 1, until = clock_timestamp() WHERE subject = $1::text AND failures > 1;
