-- What waits for archives, where a plan's bytes come from, and how fast bytes came from there before.
-- Conventions as in V1. The items' state 4 is thawing.

ALTER TABLE replica ADD COLUMN storage_class VARCHAR(255); -- the class that it was written with

-- Items of a plan whose bytes lie in an archive. A row stays after the item can be read until it is
-- written or the restore is over: it may freeze over again.
CREATE TABLE thaw (
  plan_id            VARCHAR(40) NOT NULL,
  seq                BIGINT NOT NULL, -- of restore_item
  site               VARCHAR(40) NOT NULL, -- where it is thawed; empty before the first look
  asks               INTEGER NOT NULL, -- requests, and tries to read it in vain
  looks              INTEGER NOT NULL, -- looks since the last request
  look_at            BIGINT NOT NULL,
  PRIMARY KEY (plan_id, seq)
);
CREATE INDEX thaw_by_look ON thaw (plan_id, look_at);

-- Where the bytes come from that a plan writes, added up.
CREATE TABLE restore_portion (
  plan_id            VARCHAR(40) NOT NULL,
  site               VARCHAR(40) NOT NULL,
  storage_class      VARCHAR(255) NOT NULL, -- empty for the default
  on_server          BOOLEAN NOT NULL, -- copied by the provider, so that no byte passes here
  frozen             BOOLEAN NOT NULL, -- must be thawed first
  objects            BIGINT NOT NULL,
  bytes              BIGINT NOT NULL,
  PRIMARY KEY (plan_id, site, storage_class, on_server, frozen)
);

-- Why a plan cannot bring objects back, added up.
CREATE TABLE restore_reason (
  plan_id            VARCHAR(40) NOT NULL,
  reason             VARCHAR(2000) NOT NULL,
  objects            BIGINT NOT NULL,
  bytes              BIGINT NOT NULL
);
CREATE INDEX restore_reason_by_plan ON restore_reason (plan_id);

-- Items that replace or delete what is newer than the plan's moment.
CREATE TABLE restore_newer (
  plan_id            VARCHAR(40) NOT NULL,
  seq                BIGINT NOT NULL, -- of restore_item
  PRIMARY KEY (plan_id, seq)
);

-- The last measured speed of restores, by where the bytes came from and how.
CREATE TABLE measured_speed (
  site               VARCHAR(40) NOT NULL,
  on_server          BOOLEAN NOT NULL,
  objects_per_second DOUBLE PRECISION NOT NULL,
  bytes_per_second   DOUBLE PRECISION NOT NULL,
  measured_at        BIGINT NOT NULL,
  PRIMARY KEY (site, on_server)
);
