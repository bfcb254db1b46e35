-- What the primary's bucket was set to: one version each time that it differed. Conventions as in V1.

CREATE TABLE bucket_config (
  number             BIGINT PRIMARY KEY,
  seen_at            BIGINT NOT NULL, -- in the primary's clock
  bucket             VARCHAR(255) NOT NULL,
  accepted_at        BIGINT, -- NULL while nobody said that it is meant
  accepted_by        VARCHAR(200) NOT NULL,
  reason             VARCHAR(2000) NOT NULL
);

CREATE TABLE bucket_config_setting (
  number             BIGINT NOT NULL,
  setting            VARCHAR(40) NOT NULL,
  state              SMALLINT NOT NULL, -- 0 set, 1 not set, 2 not supported, 3 not readable
  note               VARCHAR(300) NOT NULL, -- the provider's code
  document           VARCHAR(1000000) NOT NULL, -- lines, in the provider's order
  PRIMARY KEY (number, setting)
);

-- Grows with each change of the above, so that segments are told of it.
ALTER TABLE catalog_state ADD COLUMN bucket_config_changes BIGINT DEFAULT 0 NOT NULL;
ALTER TABLE segment_chain ADD COLUMN bucket_config_changes BIGINT DEFAULT 0 NOT NULL;

-- When it was read last, changed or not; NULL before.
ALTER TABLE catalog_state ADD COLUMN bucket_config_read_at BIGINT;

-- How far the locks of a secondary's replicas were renewed, in rounds over all of them.
CREATE TABLE lock_round (
  secondary_id       INTEGER PRIMARY KEY,
  after_place        BIGINT NOT NULL, -- replicas up to this one were looked at in this round
  round_began        BIGINT, -- NULL between two rounds
  looked             BIGINT NOT NULL, -- in this round
  renewed            BIGINT NOT NULL,
  last_round_began   BIGINT, -- of the last round that came to its end
  last_looked        BIGINT NOT NULL,
  last_renewed       BIGINT NOT NULL
);
