-- What a restore pays for each of its items: every index is a tree that each change of a row passes.

-- The index by turn begins with the same columns and, without an order asked for, has the same order.
DROP INDEX restore_item_by_state;

-- Ranges instead of single items: when everything was overwritten, every item replaces something newer.
ALTER TABLE restore_newer ADD COLUMN through_seq BIGINT;
UPDATE restore_newer SET through_seq = seq;
ALTER TABLE restore_newer ALTER COLUMN through_seq SET NOT NULL;
