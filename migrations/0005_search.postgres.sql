-- What states can be found by: words of their structural members, and names and purposes of organisational things. It follows
-- the fold results and can be rebuilt with them. Remarks and values about people are never here: they lie in the vault alone.
create table search_text (hash ctext primary key, words tsvector not null);
create index search_words on search_text using gin (words);
create index state_of_body on state (body);
