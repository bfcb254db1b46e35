-- Versions that are pending at a secondary and were not tried there yet, as ranges of their ids: most of what waits, in
-- a row or two. Whatever else there is to tell of a waiting version (a failed try, that it is held, given up, missed
-- or waived) gives it a row of its own in `queue` and takes it out of its range, in one transaction. Rows of untried
-- versions that an earlier release left in `queue` stay there and count as before.
-- Both numbers are secondary id * 2^48 + version id; ranges do not overlap.
CREATE TABLE pending_range (
  upto               BIGINT PRIMARY KEY,
  since              BIGINT NOT NULL
);
