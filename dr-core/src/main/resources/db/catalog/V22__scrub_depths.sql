-- Depths of the scrub: a whole listing (2), what sites say of objects (0, which was the presence), reading back (1).
-- Findings tell what was found, what of it is another version, and of objects that no replica knows.

ALTER TABLE scrub ADD COLUMN compared BIGINT DEFAULT 0 NOT NULL; -- in this round, with what the site computed or with a hash
ALTER TABLE scrub ADD COLUMN not_comparable BIGINT DEFAULT 0 NOT NULL; -- in this round: there was nothing to compare with
ALTER TABLE scrub ADD COLUMN last_objects BIGINT DEFAULT 0 NOT NULL; -- of the last round that came to its end
ALTER TABLE scrub ADD COLUMN last_compared BIGINT DEFAULT 0 NOT NULL;
ALTER TABLE scrub ADD COLUMN last_not_comparable BIGINT DEFAULT 0 NOT NULL;
ALTER TABLE scrub ADD COLUMN last_extra BIGINT DEFAULT 0 NOT NULL; -- of a listing: entries that no replica knows
ALTER TABLE scrub ADD COLUMN trouble VARCHAR(2000) DEFAULT '' NOT NULL; -- why the newest round was not looked at to its end

ALTER TABLE finding ADD COLUMN location VARBINARY(1024); -- key at the secondary
ALTER TABLE finding ADD COLUMN remote_version VARCHAR(1024); -- version at the secondary, where it has one
ALTER TABLE finding ADD COLUMN found_etag VARCHAR(1024); -- what is there instead
ALTER TABLE finding ADD COLUMN found_size BIGINT;
ALTER TABLE finding ADD COLUMN found_sha256 VARBINARY(32);
ALTER TABLE finding ADD COLUMN compared BOOLEAN DEFAULT FALSE NOT NULL; -- with all other versions
ALTER TABLE finding ADD COLUMN seen_at BIGINT; -- of extra ones: beginning of the last listing that showed it
ALTER TABLE finding ADD COLUMN source VARCHAR(40); -- the site that a repair copied from
ALTER TABLE finding ADD COLUMN reason VARCHAR(2000); -- why it was acknowledged
CREATE INDEX finding_by_location ON finding (secondary_id, location);
