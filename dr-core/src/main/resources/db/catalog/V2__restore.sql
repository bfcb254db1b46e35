-- Restore plans, their items, and the restores that apply them. Conventions as in V1.

CREATE TABLE restore_plan (
  id                 VARCHAR(40) PRIMARY KEY,
  state              SMALLINT NOT NULL, -- 0 being made, 1 ready, 2 applied
  created_at         BIGINT NOT NULL,
  expires_at         BIGINT NOT NULL,
  bucket             VARCHAR(255) NOT NULL,
  scope_kind         SMALLINT NOT NULL, -- 0 keys, 1 prefix, 2 everything
  scope              CHARACTER LARGE OBJECT NOT NULL, -- JSON array of keys or of the prefix
  asked_at           BIGINT,
  source             VARCHAR(40),
  overwrite          SMALLINT NOT NULL, -- 0 if changed, 1 always, 2 never
  delete_extra       BOOLEAN NOT NULL,
  undelete           BOOLEAN NOT NULL,
  moment             BIGINT NOT NULL,
  basis              SMALLINT NOT NULL, -- 0 versions, 1 scans
  basis_at           BIGINT,
  complete           BOOLEAN NOT NULL,
  newer_at_risk      BIGINT NOT NULL,
  confirm            SMALLINT NOT NULL -- 0 none, 1 yes, 2 bucket
);
CREATE INDEX restore_plan_by_state ON restore_plan (state, expires_at);

CREATE TABLE restore_plan_count (
  plan_id            VARCHAR(40) NOT NULL,
  action             SMALLINT NOT NULL, -- as in restore_item
  objects            BIGINT NOT NULL,
  bytes              BIGINT NOT NULL,
  PRIMARY KEY (plan_id, action)
);

CREATE TABLE restore_item (
  plan_id            VARCHAR(40) NOT NULL,
  seq                BIGINT NOT NULL,
  object_key         VARBINARY(1024) NOT NULL,
  action             SMALLINT NOT NULL, -- 0 bring back, 1 put back, 2 delete, 3 unchanged, 4 left alone, 5 cannot
  reason             VARCHAR(2000) NOT NULL,
  wanted             BIGINT, -- version.id
  wanted_version     VARCHAR(1024),
  size               BIGINT NOT NULL,
  saw                SMALLINT NOT NULL, -- 0 absent, 1 content
  saw_version        VARCHAR(1024),
  saw_etag           VARCHAR(1024),
  saw_size           BIGINT NOT NULL,
  markers            VARCHAR(1000000) NOT NULL, -- version ids, one a line
  state              SMALLINT NOT NULL, -- 0 pending, 1 done, 2 skipped, 3 failed
  detail             VARCHAR(2000) NOT NULL,
  aside              VARBINARY(1024),
  written            VARCHAR(1024),
  written_etag       VARCHAR(1024) NOT NULL,
  PRIMARY KEY (plan_id, seq)
);
CREATE INDEX restore_item_by_action ON restore_item (plan_id, action, seq);
CREATE INDEX restore_item_by_state ON restore_item (plan_id, state, seq);

CREATE TABLE restore (
  number             BIGINT PRIMARY KEY, -- grows in the order of asking
  id                 VARCHAR(40) NOT NULL UNIQUE,
  plan_id            VARCHAR(40) NOT NULL UNIQUE,
  state              SMALLINT NOT NULL, -- 0 queued, 1 running, 2 completed, 3 partial, 4 failed, 5 cancelled
  created_at         BIGINT NOT NULL,
  ended_at           BIGINT,
  message            VARCHAR(2000) NOT NULL
);
CREATE INDEX restore_by_state ON restore (state, number);

-- Sums over the items that a plan writes or could not write, kept by the transactions that settle them.
CREATE TABLE restore_sum (
  plan_id            VARCHAR(40) NOT NULL,
  state              SMALLINT NOT NULL, -- as in restore_item
  objects            BIGINT NOT NULL,
  bytes              BIGINT NOT NULL,
  PRIMARY KEY (plan_id, state)
);
