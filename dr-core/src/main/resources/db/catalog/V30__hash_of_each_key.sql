-- Of each range a short hash of every key in it, so that of a range in which little changed only that is compared.
DELETE FROM range_digest;
ALTER TABLE range_digest DROP COLUMN digest;
ALTER TABLE range_digest ADD COLUMN listed VARBINARY(2048) NOT NULL; -- 8 bytes a key, in key order
ALTER TABLE catalog_state ADD COLUMN range_key VARBINARY(16); -- of those hashes; made with the first scan
