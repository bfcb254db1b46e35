-- What secondaries have of the catalog as segments, and what changed since. Conventions as in V1.

-- One row.
CREATE TABLE segment_state (
  one                SMALLINT PRIMARY KEY CHECK (one = 1),
  catalog_id         VARCHAR(40) NOT NULL, -- the same in every segment; an adopted catalog keeps it
  exported_through   BIGINT NOT NULL, -- changes of versions up to this id are noted in version_change
  versions_sum       VARBINARY(16) NOT NULL, -- sum of version_digest, modulo 2^128
  digest             VARBINARY(32), -- of the whole catalog when it was exported last
  digest_at          BIGINT
);
INSERT INTO segment_state VALUES (1, '', 0, X'00000000000000000000000000000000', NULL, NULL);

-- What is known of a version, hashed as it was exported last.
CREATE TABLE version_digest (
  version_id         BIGINT PRIMARY KEY,
  digest             VARBINARY(16) NOT NULL
);

-- Versions that changed after they were exported, in the order of their changes.
CREATE TABLE version_change (
  seq                BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  version_id         BIGINT NOT NULL
);

CREATE TABLE segment_chain (
  secondary_id       INTEGER PRIMARY KEY,
  chain              VARCHAR(60) NOT NULL, -- its folder below .vistadr/catalog/
  number             BIGINT NOT NULL, -- of the last segment that is there, 0 for none
  sha256             VARBINARY(32), -- of that segment
  next_key           VARCHAR(200), -- the segment after it that may be there without a record
  next_sha256        VARBINARY(32),
  complete           BOOLEAN NOT NULL, -- whether its snapshot is there to the end
  versions_through   BIGINT NOT NULL,
  changes_through    BIGINT NOT NULL,
  scans_through      BIGINT NOT NULL,
  progress           BIGINT NOT NULL, -- of the secondaries, a sum that grows with it
  state_at           BIGINT, -- the catalog of this moment can be rebuilt from it
  snapshot_bytes     BIGINT NOT NULL,
  changes_bytes      BIGINT NOT NULL
);

-- Versions of scans up to this one may be at the secondary without a record: it was filled before the
-- catalog knew it. The highest number until a scan completes that sees the whole primary.
ALTER TABLE secondary ADD COLUMN look_first_scan BIGINT DEFAULT 0 NOT NULL;
