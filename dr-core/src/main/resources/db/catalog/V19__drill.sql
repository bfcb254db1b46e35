-- Rehearsals of restores, and what they name. Conventions as in V1.

CREATE TABLE drill (
  id                 BIGINT PRIMARY KEY,
  secondary_id       INTEGER NOT NULL,
  who                VARCHAR(200) NOT NULL,
  moment             BIGINT NOT NULL, -- the recovery point that it was taken at
  prefix             VARCHAR(2000), -- NULL for the whole bucket
  sample             INTEGER, -- NULL for all below the prefix
  seed               BIGINT NOT NULL, -- of the choice
  started_at         BIGINT NOT NULL,
  ended_at           BIGINT,
  state              SMALLINT NOT NULL, -- 0 running, 1 succeeded, 2 failed, 3 interrupted
  counters           VARCHAR(4000) NOT NULL, -- a JSON object of numbers
  projected_low      BIGINT, -- seconds
  projected_high     BIGINT,
  message            VARCHAR(2000) NOT NULL
);
CREATE INDEX drill_by_secondary ON drill (secondary_id, state, id);

CREATE TABLE drill_item (
  drill_id           BIGINT NOT NULL,
  number             INTEGER NOT NULL,
  version_id         BIGINT NOT NULL,
  kind               SMALLINT NOT NULL, -- 0 failed, 1 archived, 2 left out
  stratum            SMALLINT NOT NULL,
  detail             VARCHAR(2000) NOT NULL,
  PRIMARY KEY (drill_id, number)
);
