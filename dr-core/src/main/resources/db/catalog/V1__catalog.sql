-- The catalog: every version seen at the primary, what waits for each secondary and what is durable there.
-- Times are nanoseconds since 1970-01-01T00:00:00Z. Object keys are UTF-8 bytes and compare as unsigned bytes.
-- Codes of small integers stand beside their columns; the program reads them in Codes.
-- A `place` is a version at a secondary: version id * 256 + secondary id. One number as primary key makes H2 keep the
-- table itself in that order; two columns would cost a second tree.

-- One row: numbers of the whole catalog, kept by the same transactions that change what they count.
CREATE TABLE catalog_state (
  one                SMALLINT PRIMARY KEY CHECK (one = 1),
  generation         BIGINT NOT NULL, -- see the file `generation` beside the database
  content_objects    BIGINT NOT NULL, -- content that is at the primary, current or not
  content_bytes      BIGINT NOT NULL,
  current_objects    BIGINT NOT NULL, -- keys whose newest version at the primary is content
  current_bytes      BIGINT NOT NULL,
  delete_markers     BIGINT NOT NULL
);
INSERT INTO catalog_state VALUES (1, 0, 0, 0, 0, 0, 0);

CREATE TABLE secondary (
  id                 INTEGER PRIMARY KEY CHECK (id BETWEEN 0 AND 255),
  name               VARCHAR(40) NOT NULL UNIQUE,
  declared           BOOLEAN NOT NULL, -- named by the configuration now
  declared_at        BIGINT NOT NULL,
  backfilled_through BIGINT NOT NULL, -- versions up to this id were put into the queue
  backfill_until     BIGINT NOT NULL, -- versions above this id are put into the queue as they are recorded
  dispatched_through BIGINT NOT NULL,
  recovery_point     BIGINT,
  recovery_scan      BIGINT NOT NULL, -- the scan that the recovery point stands for, 0 for none
  durable_objects    BIGINT NOT NULL, -- replicas that hold content
  durable_bytes      BIGINT NOT NULL
);

CREATE TABLE version (
  id                 BIGINT PRIMARY KEY, -- grows in the order of recording
  object_key         VARBINARY(1024) NOT NULL,
  key_rank           BIGINT NOT NULL,
  origin             SMALLINT NOT NULL, -- 0 listed, 1 inferred
  kind               SMALLINT NOT NULL, -- 0 content, 1 delete marker
  version_id         VARCHAR(1024) NOT NULL,
  last_modified      BIGINT NOT NULL,
  etag               VARCHAR(1024), -- of content only
  size               BIGINT NOT NULL,
  storage_class      VARCHAR(255), -- of content only
  seen_scan          BIGINT NOT NULL,
  visible_after      BIGINT,
  purged_scan        BIGINT,
  sha256             VARBINARY(32)
);
CREATE UNIQUE INDEX version_by_key ON version (object_key, key_rank DESC);

-- What only reading the bytes teaches. Apart from the version, so that reading histories stays cheap.
CREATE TABLE version_attributes (
  version_id         BIGINT PRIMARY KEY,
  attributes         VARCHAR(1000000) NOT NULL -- JSON
);

-- Versions that are not durable at a secondary. A row leaves the queue when its replica is recorded.
CREATE TABLE queue (
  place              BIGINT PRIMARY KEY,
  secondary_id       INTEGER NOT NULL,
  version_id         BIGINT NOT NULL,
  object_key         VARBINARY(1024) NOT NULL,
  key_rank           BIGINT NOT NULL,
  size               BIGINT NOT NULL,
  changed_at         BIGINT NOT NULL, -- when the change took effect at the primary
  seen_scan          BIGINT NOT NULL,
  state              SMALLINT NOT NULL, -- 0 pending, 1 held, 2 given up, 3 missed, 4 waived
  missed_in_scan     BIGINT NOT NULL, -- the scan that proved a missed version gone, 0 in other states
  attempts           INTEGER NOT NULL,
  not_before         BIGINT NOT NULL,
  last_error         VARCHAR(2000) NOT NULL
);
CREATE INDEX queue_by_state ON queue (secondary_id, state, version_id);
CREATE INDEX queue_by_key ON queue (secondary_id, object_key, key_rank);

-- Sums over the queue, kept by the same transactions that change it, so that nothing ever counts its rows.
CREATE TABLE queue_sum (
  secondary_id       INTEGER NOT NULL,
  state              SMALLINT NOT NULL,
  seen_scan          BIGINT NOT NULL, -- 0 where it no longer matters to the recovery point
  missed_in_scan     BIGINT NOT NULL,
  objects            BIGINT NOT NULL,
  bytes              BIGINT NOT NULL,
  PRIMARY KEY (secondary_id, state, seen_scan, missed_in_scan)
);

CREATE TABLE replica (
  place              BIGINT PRIMARY KEY,
  secondary_id       INTEGER NOT NULL,
  version_id         BIGINT NOT NULL,
  location           VARBINARY(1024), -- where it is not the version's own key
  remote_version     VARCHAR(1024),
  etag               VARCHAR(1024) NOT NULL,
  durable_at         BIGINT NOT NULL
);

CREATE TABLE scan (
  number             BIGINT PRIMARY KEY,
  started_at         BIGINT NOT NULL,
  ended_at           BIGINT,
  regime             SMALLINT NOT NULL, -- 0 versioned, 1 suspended, 2 unversioned
  state              SMALLINT NOT NULL, -- 0 running, 1 complete, 2 incomplete
  keys               BIGINT NOT NULL,
  versions           BIGINT NOT NULL,
  reason             VARCHAR(2000) NOT NULL -- why it is incomplete
);
CREATE INDEX scan_by_state ON scan (state, number);

CREATE TABLE run (
  id                 BIGINT PRIMARY KEY,
  task               VARCHAR(200) NOT NULL,
  trigger_kind       VARCHAR(40) NOT NULL,
  started_at         BIGINT NOT NULL,
  ended_at           BIGINT,
  result             SMALLINT NOT NULL, -- 0 running, 1 succeeded, 2 partial, 3 failed, 4 interrupted
  counters           VARCHAR(100000) NOT NULL, -- JSON object of numbers
  message            VARCHAR(10000) NOT NULL
);
CREATE INDEX run_by_task ON run (task, id);
CREATE INDEX run_by_result ON run (task, result, id);

CREATE TABLE paused_task (
  task               VARCHAR(200) PRIMARY KEY
);

CREATE TABLE misfire (
  task               VARCHAR(200) PRIMARY KEY,
  missed             BIGINT NOT NULL
);
