-- What the first bytes of versions look like, and what became of objects that were overwritten. Conventions as in V1.

-- See ContentLook; NULL of a version whose bytes did not pass, or that an older program copied.
ALTER TABLE version ADD COLUMN look SMALLINT;

-- Content that took the place of other content, until it was looked at and the brake's window has passed.
CREATE TABLE overwrite (
  version_id         BIGINT PRIMARY KEY,
  before_id          BIGINT NOT NULL, -- the version whose place it took
  looked_at          BIGINT, -- when its bytes were compared, or could not be read; NULL before
  hidden             SMALLINT DEFAULT 0 NOT NULL, -- 1: looks encrypted and did not before
  rekeyed            SMALLINT DEFAULT 0 NOT NULL, -- 1: encrypted with another key than before
  unreadable         SMALLINT DEFAULT 0 NOT NULL, -- 1: its store gives it to nobody without a key
  kind_before        SMALLINT DEFAULT 0 NOT NULL -- see ContentKind
);
