-- How long people wait for an answer, in milliseconds, by route and country, in the last day.
SELECT
  route,
  country,
  SUM(weight) AS requests,
  quantileExactWeighted(0.5)(durationMs, weight) AS p50Ms,
  quantileExactWeighted(0.99)(durationMs, weight) AS p99Ms
FROM (
  SELECT
    _sample_interval AS weight,
    blob1 AS route,
    blob6 AS country,
    double1 AS durationMs
  FROM edge_otp
  WHERE timestamp > NOW() - INTERVAL '1' DAY
)
GROUP BY route, country
ORDER BY requests DESC
