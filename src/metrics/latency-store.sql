-- How long the store takes, in milliseconds a request that asked it, by role and country, in the last day.
SELECT
  role,
  country,
  SUM(weight) AS requests,
  quantileExactWeighted(0.5)(storeMs, weight) AS p50Ms,
  quantileExactWeighted(0.99)(storeMs, weight) AS p99Ms
FROM (
  SELECT
    _sample_interval AS weight,
    blob5 AS role,
    blob6 AS country,
    double2 AS storeMs,
    double3 AS storeRequests
  FROM edge_otp
  WHERE timestamp > NOW() - INTERVAL '1' DAY
)
WHERE storeRequests > 0
GROUP BY role, country
ORDER BY requests DESC
