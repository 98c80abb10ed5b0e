-- What the guard held, or would have held in the shadow, beside all sends, by role and country, in the last week.
SELECT
  role,
  country,
  SUM(weight) AS sends,
  SUM(IF(guard IN ('held:prefix', 'would_hold:prefix'), weight, 0)) AS byPrefix,
  SUM(IF(guard IN ('held:country', 'would_hold:country'), weight, 0)) AS byCountry
FROM (
  SELECT
    _sample_interval AS weight,
    blob1 AS route,
    blob5 AS role,
    blob6 AS country,
    blob11 AS guard
  FROM edge_otp
  WHERE timestamp > NOW() - INTERVAL '7' DAY
)
WHERE route = '/api/v1/auth/send-otp'
GROUP BY role, country
ORDER BY sends DESC
