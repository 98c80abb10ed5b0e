-- SMS that went out, or may have, and sign-ins, by role and country, in the last seven days. A resend is an SMS more
-- for the same sign-in. Without test numbers.
SELECT
  role,
  country,
  SUM(IF(smsOutcome IN ('sent', 'unknown'), weight, 0)) AS sent,
  SUM(IF(route = '/api/v1/auth/verify-otp' AND outcome = 'ok', weight, 0)) AS verified,
  100 * SUM(IF(route = '/api/v1/auth/verify-otp' AND outcome = 'ok', weight, 0))
    / SUM(IF(smsOutcome IN ('sent', 'unknown'), weight, 0)) AS conversionPercent
FROM (
  SELECT
    _sample_interval AS weight,
    blob1 AS route,
    blob3 AS outcome,
    blob5 AS role,
    blob6 AS country,
    blob9 AS smsOutcome
  FROM edge_otp
  WHERE timestamp > NOW() - INTERVAL '7' DAY AND blob14 = ''
)
GROUP BY role, country
HAVING sent > 0
ORDER BY sent DESC
