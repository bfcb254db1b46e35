-- How restores are steered while they run, and which requests were made before. Conventions as in V1.

-- The limit as a person changed it: NULL is as in the plan, 0 is none.
ALTER TABLE restore ADD COLUMN bytes_per_second BIGINT;

-- How a restore had ended before it was taken up again.
CREATE TABLE restore_attempt (
  restore_id         VARCHAR(40) NOT NULL,
  number             INTEGER NOT NULL,
  state              SMALLINT NOT NULL, -- as in restore
  ended_at           BIGINT NOT NULL,
  message            VARCHAR(2000) NOT NULL,
  PRIMARY KEY (restore_id, number)
);

-- Items whose key changed since the plan and that are to be looked at anew before they are tried again.
CREATE TABLE restore_again (
  plan_id            VARCHAR(40) NOT NULL,
  seq                BIGINT NOT NULL,
  PRIMARY KEY (plan_id, seq)
);

-- What requests with a key of their own led to, so that a repetition starts nothing twice.
CREATE TABLE repeated_request (
  request_key        VARCHAR(200) PRIMARY KEY,
  request            VARCHAR(64) NOT NULL, -- hash of the path and the body
  result             VARCHAR(200) NOT NULL, -- the id of what was started
  made_at            BIGINT NOT NULL
);
CREATE INDEX repeated_request_by_time ON repeated_request (made_at);
