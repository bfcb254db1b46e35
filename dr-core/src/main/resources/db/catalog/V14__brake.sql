-- The brake: what was found since the last judgement, what was decided, and which deletions may go on.
-- Conventions as in V1.

CREATE TABLE brake (
  one                SMALLINT PRIMARY KEY CHECK (one = 1),
  engaged_at         BIGINT, -- NULL while it is off
  cleared_through    BIGINT NOT NULL, -- deletions that count to scans up to this one may go on
  judged_through     BIGINT NOT NULL, -- the last scan that was judged
  bucket_mark        VARCHAR(64), -- what the primary's bucket is known by
  proof              SMALLINT NOT NULL, -- 0 marked, 1 recognised, 2 unrecognised, 3 another
  objects_before     BIGINT NOT NULL, -- current objects at the last judgement
  deleted            BIGINT NOT NULL, -- found since then, by scans and looks
  overwritten        BIGINT NOT NULL,
  grown              BIGINT NOT NULL
);
-- What an older program found was let through by it.
INSERT INTO brake (one, engaged_at, cleared_through, judged_through, bucket_mark, proof,
  objects_before, deleted, overwritten, grown)
SELECT 1, NULL, COALESCE(MAX(number), 0), COALESCE(MAX(number), 0), NULL, 1,
  (SELECT current_objects FROM catalog_state), 0, 0, 0
FROM scan;

-- Scans that were found to be a day's work, as long as they count with later ones.
CREATE TABLE brake_judgement (
  scan               BIGINT PRIMARY KEY,
  judged_at          BIGINT NOT NULL,
  objects_before     BIGINT NOT NULL,
  deleted            BIGINT NOT NULL,
  overwritten        BIGINT NOT NULL,
  grown              BIGINT NOT NULL
);

-- Why it is engaged; empty while it is off.
CREATE TABLE brake_reason (
  suspicion          VARCHAR(40) PRIMARY KEY,
  detail             VARCHAR(2000) NOT NULL
);
