-- Legal holds that were set at secondaries for what people hold. Conventions as in V1.

CREATE TABLE legal_hold (
  secondary_id       INTEGER NOT NULL,
  version_id         BIGINT NOT NULL,
  remote_version     VARCHAR(1024) NOT NULL, -- of the replica there
  location           VARBINARY(1024) NOT NULL, -- its key there
  state              SMALLINT NOT NULL, -- 0 being set, 1 set, 2 was on before: not ours to lift
  at                 BIGINT NOT NULL,
  PRIMARY KEY (secondary_id, version_id, remote_version)
);
