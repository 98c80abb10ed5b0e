-- How long SNS takes, in milliseconds a send, all regions that it tried together, by the last of them and country, in
-- the last day.
SELECT
  smsRegion,
  country,
  SUM(weight) AS sends,
  quantileExactWeighted(0.5)(smsMs, weight) AS p50Ms,
  quantileExactWeighted(0.99)(smsMs, weight) AS p99Ms
FROM (
  SELECT
    _sample_interval AS weight,
    blob6 AS country,
    blob8 AS smsRegion,
    double4 AS smsMs,
    double8 AS smsPublishes
  FROM edge_otp
  WHERE timestamp > NOW() - INTERVAL '1' DAY
)
WHERE smsPublishes > 0
GROUP BY smsRegion, country
ORDER BY sends DESC
