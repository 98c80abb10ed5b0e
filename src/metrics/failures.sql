-- What was refused or failed and why, most frequent first, in the last day.
SELECT outcome, reason, role, country, SUM(weight) AS requests
FROM (
  SELECT
    _sample_interval AS weight,
    blob3 AS outcome,
    blob4 AS reason,
    blob5 AS role,
    blob6 AS country
  FROM edge_otp
  WHERE timestamp > NOW() - INTERVAL '1' DAY
)
WHERE outcome != 'ok'
GROUP BY outcome, reason, role, country
ORDER BY requests DESC
LIMIT 100
