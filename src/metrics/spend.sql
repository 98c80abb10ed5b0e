-- US dollars by POLICY.smsPricesUsd, by day in UTC, role and country, in the last thirty days.
SELECT
  toStartOfInterval(timestamp, INTERVAL '1' DAY) AS day,
  role,
  country,
  SUM(IF(smsOutcome IN ('sent', 'unknown'), weight, 0)) AS sent,
  SUM(weight * smsMicroUsd) / 1000000 AS usd
FROM (
  SELECT
    timestamp,
    _sample_interval AS weight,
    blob5 AS role,
    blob6 AS country,
    blob9 AS smsOutcome,
    double7 AS smsMicroUsd
  FROM edge_otp
  WHERE timestamp > NOW() - INTERVAL '30' DAY
)
GROUP BY day, role, country
HAVING sent > 0
ORDER BY day DESC, usd DESC
