-- What views and the recoverable window need without reading versions or scans. Conventions as in V1.

-- Complete scans in a row that saw the same regime.
CREATE TABLE regime_span (
  first_scan         BIGINT PRIMARY KEY,
  regime             SMALLINT NOT NULL, -- as in scan
  first_at           BIGINT NOT NULL, -- start of the first scan
  last_scan          BIGINT NOT NULL,
  last_at            BIGINT NOT NULL, -- start of the last scan
  scans              BIGINT NOT NULL
);
INSERT INTO regime_span (first_scan, regime, first_at, last_scan, last_at, scans)
SELECT MIN(c.number), c.regime, MIN(c.started_at), MAX(c.number), MAX(c.started_at), COUNT(*)
FROM (
  SELECT number, regime, started_at,
    ROW_NUMBER() OVER (ORDER BY number) - ROW_NUMBER() OVER (PARTITION BY regime ORDER BY number) AS island
  FROM scan WHERE state = 1
) c
GROUP BY c.regime, c.island;

ALTER TABLE catalog_state ADD COLUMN oldest_modified BIGINT; -- the oldest time of any version
ALTER TABLE catalog_state ADD COLUMN purged_objects BIGINT DEFAULT 0 NOT NULL; -- content that the primary lost
UPDATE catalog_state SET
  oldest_modified = (SELECT MIN(last_modified) FROM version),
  purged_objects = (SELECT COUNT(*) FROM version WHERE purged_scan IS NOT NULL AND kind = 0 AND origin = 0);

ALTER TABLE restore_plan ADD COLUMN ambiguous BIGINT DEFAULT 0 NOT NULL; -- keys with two possible states
ALTER TABLE restore_item ADD COLUMN ambiguous BOOLEAN DEFAULT FALSE NOT NULL;
