-- How far replicas were looked at again, and what was found. Conventions as in V1.

CREATE TABLE scrub (
  secondary_id       INTEGER NOT NULL,
  depth              SMALLINT NOT NULL, -- 0 presence, 1 read-back
  after_place        BIGINT NOT NULL, -- replicas up to this one were looked at in this round
  round_began        BIGINT, -- NULL between two rounds
  objects            BIGINT NOT NULL, -- looked at in this round
  bytes              BIGINT NOT NULL,
  last_round_began   BIGINT, -- of the last round that came to its end
  PRIMARY KEY (secondary_id, depth)
);

CREATE TABLE finding (
  id                 BIGINT PRIMARY KEY,
  secondary_id       INTEGER NOT NULL,
  version_id         BIGINT NOT NULL,
  kind               SMALLINT NOT NULL, -- 0 missing, 1 changed, 2 corrupt
  state              SMALLINT NOT NULL, -- 0 open, 1 being repaired, 2 repaired
  found_at           BIGINT NOT NULL,
  settled_at         BIGINT,
  detail             VARCHAR(2000) NOT NULL
);
CREATE INDEX finding_by_state ON finding (state, secondary_id, id);
CREATE INDEX finding_by_version ON finding (version_id, secondary_id);
