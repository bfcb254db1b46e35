-- What decides, beside the listing, how ranges are cut: ranges of other rules could overlap.
ALTER TABLE catalog_state ADD COLUMN range_rules VARCHAR(1000000) DEFAULT '' NOT NULL;
DELETE FROM range_digest;
