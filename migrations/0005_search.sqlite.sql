-- What states can be found by: words of their structural members, and names and purposes of organisational things. It follows
-- the fold results and can be rebuilt with them. Remarks and values about people are never here: they lie in the vault alone.
create virtual table search_text using fts5(hash unindexed, words, detail = none, tokenize = 'ascii');
create index state_of_body on state (body);
