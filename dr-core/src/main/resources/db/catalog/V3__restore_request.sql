-- What else a restore can be asked for, where its items are written, and in which order.

ALTER TABLE restore_plan ADD COLUMN options VARCHAR(1000000) DEFAULT '{}' NOT NULL; -- JSON, see RequestJson

ALTER TABLE restore_plan ADD COLUMN undoes VARCHAR(40); -- the restore that is undone

ALTER TABLE restore_item ADD COLUMN place VARCHAR(4096); -- where is written, if not under the key
ALTER TABLE restore_item ADD COLUMN turn BIGINT DEFAULT 0 NOT NULL;
CREATE INDEX restore_item_by_turn ON restore_item (plan_id, state, turn, seq);
