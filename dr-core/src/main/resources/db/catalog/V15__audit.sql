-- Every change of state by a person or a job. Rows are only ever added. Conventions as in V1.

CREATE TABLE audit_event (
  id                 BIGINT PRIMARY KEY,
  at                 BIGINT NOT NULL,
  who                VARCHAR(200) NOT NULL,
  action             VARCHAR(60) NOT NULL,
  subject            VARCHAR(2000) NOT NULL,
  reason             VARCHAR(2000) NOT NULL,
  detail             VARCHAR(8000) NOT NULL,
  seal               VARBINARY(32) NOT NULL -- hash of the row and of the seal before
);
CREATE INDEX audit_event_by_action ON audit_event (action, id);
