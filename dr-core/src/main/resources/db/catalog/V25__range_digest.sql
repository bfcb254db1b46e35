-- Ranges of keys whose listing was found to say what the catalog says, so that the next scan need not read the catalog
-- for those that list the same. Ranges never overlap. A change of any key in a range takes its row away.
CREATE TABLE range_digest (
  up_to              VARBINARY(1024) PRIMARY KEY, -- the range's last key
  after_key          VARBINARY(1024) NOT NULL, -- the key before its first, empty at the beginning of the bucket
  digest             BINARY(32) NOT NULL -- SHA-256 of what was listed
);
