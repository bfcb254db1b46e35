-- Retention: what people exempt from it, and plans of what it removes. Conventions as in V1.
-- A version that was pruned at a secondary keeps a row in the queue, in state 5: never copied again.

CREATE TABLE retention_hold (
  id                 BIGINT PRIMARY KEY,
  of_prefix          BOOLEAN NOT NULL, -- all keys that start with the text, else exactly that key
  covered            VARBINARY(1024) NOT NULL,
  reason             VARCHAR(500) NOT NULL,
  made_at            BIGINT NOT NULL,
  made_by            VARCHAR(200) NOT NULL
);

-- Grows with each change of a hold, so that segments are told of it.
ALTER TABLE catalog_state ADD COLUMN hold_changes BIGINT DEFAULT 0 NOT NULL;
ALTER TABLE segment_chain ADD COLUMN hold_changes BIGINT DEFAULT 0 NOT NULL;

CREATE TABLE prune_plan (
  number             BIGINT PRIMARY KEY, -- grows in the order of making
  id                 VARCHAR(40) NOT NULL UNIQUE,
  state              SMALLINT NOT NULL, -- 0 being made, 1 planned, 2 running, 3 done, 4 refused, 5 failed
  secondary          VARCHAR(40), -- NULL for all
  basis              VARCHAR(64) NOT NULL, -- hash of policies, holds and held checkpoints
  policies           VARCHAR(8000) NOT NULL, -- for people
  relies_on          VARCHAR(8000) NOT NULL, -- secondaries whose copies are relied on, one a line
  made_at            BIGINT NOT NULL,
  made_by            VARCHAR(200) NOT NULL,
  expires_at         BIGINT NOT NULL,
  truncated          BOOLEAN NOT NULL, -- whether more may go than it names
  started_at         BIGINT,
  started_by         VARCHAR(200) NOT NULL,
  reason             VARCHAR(500) NOT NULL,
  ended_at           BIGINT,
  message            VARCHAR(2000) NOT NULL
);

CREATE TABLE prune_item (
  plan_id            VARCHAR(40) NOT NULL,
  seq                BIGINT NOT NULL,
  secondary_id       INTEGER NOT NULL,
  version_id         BIGINT NOT NULL,
  size               BIGINT NOT NULL,
  state              SMALLINT NOT NULL, -- 0 to go, 1 being removed, 2 removed, 3 stays, 4 refused, 5 differs
  why                VARCHAR(40) NOT NULL,
  detail             VARCHAR(2000) NOT NULL,
  PRIMARY KEY (plan_id, seq)
);
CREATE INDEX prune_item_by_state ON prune_item (plan_id, state, seq);

-- Sums over the items, kept by the transactions that change them.
CREATE TABLE prune_sum (
  plan_id            VARCHAR(40) NOT NULL,
  secondary_id       INTEGER NOT NULL,
  state              SMALLINT NOT NULL, -- as in prune_item
  why                VARCHAR(40) NOT NULL,
  versions           BIGINT NOT NULL,
  bytes              BIGINT NOT NULL,
  PRIMARY KEY (plan_id, secondary_id, state, why)
);
