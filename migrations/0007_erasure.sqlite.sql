-- The entry that says that a value is erased. The row stays, without the value: it is told from one that is lost.
alter table vault add column erased_by bigint;
-- Words that are taken out of the index are overwritten in it; else they would lie in its segments until these are merged.
insert into search_text (search_text, rank) values ('secure-delete', 1);
