-- What a report and an undo need to know of each written object, and of who asked.

ALTER TABLE restore_item ADD COLUMN written_sha256 VARBINARY(32);
ALTER TABLE restore_item ADD COLUMN written_source VARCHAR(40); -- the site that the bytes came from
ALTER TABLE restore_item ADD COLUMN written_atomic BOOLEAN DEFAULT TRUE NOT NULL; -- no gap between look and write

ALTER TABLE restore_plan ADD COLUMN oldest_deletion BIGINT; -- of what an undelete brings back
ALTER TABLE restore ADD COLUMN asked_by VARCHAR(200) DEFAULT '' NOT NULL; -- role of the caller
ALTER TABLE restore ADD COLUMN started_at BIGINT; -- when the first object was taken up
CREATE INDEX restore_plan_by_undoes ON restore_plan (undoes);
CREATE INDEX restore_by_end ON restore (ended_at);
