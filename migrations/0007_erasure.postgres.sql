-- The entry that says that a value is erased. The row stays, without the value: it is told from one that is lost.
alter table vault add column erased_by bigint;
