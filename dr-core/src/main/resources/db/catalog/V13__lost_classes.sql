-- What of a plan loses its storage class, because the target has no such one.
CREATE TABLE restore_lost_class (
  plan_id            VARCHAR(40) NOT NULL,
  storage_class      VARCHAR(200) NOT NULL,
  objects            BIGINT NOT NULL,
  bytes              BIGINT NOT NULL,
  PRIMARY KEY (plan_id, storage_class)
);
