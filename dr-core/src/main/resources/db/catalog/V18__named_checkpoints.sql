-- Names of moments of the primary, given by people. Conventions as in V1.

CREATE TABLE named_checkpoint (
  name               VARCHAR(64) PRIMARY KEY,
  moment             BIGINT NOT NULL,
  made_at            BIGINT NOT NULL,
  made_by            VARCHAR(200) NOT NULL, -- role and fingerprint of the token
  note               VARCHAR(500) NOT NULL,
  held               BOOLEAN NOT NULL -- whether no retention may remove what its view shows
);
CREATE INDEX named_checkpoint_by_moment ON named_checkpoint (moment, name);

-- Grows with each change of a checkpoint, so that segments are told of it.
ALTER TABLE catalog_state ADD COLUMN checkpoint_changes BIGINT DEFAULT 0 NOT NULL;
ALTER TABLE segment_chain ADD COLUMN checkpoint_changes BIGINT DEFAULT 0 NOT NULL;
