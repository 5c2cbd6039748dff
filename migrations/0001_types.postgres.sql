-- SQLite's type names mean something here too, so that the tables below have one text.
create domain blob as bytea;
-- SQLite sorts text by bytes; so does this.
create domain ctext as text collate "C";

-- SQLite's json_each for an array of texts: lists of keys are bound as one JSON array in both databases.
create function json_each(list text) returns table (value text) language sql immutable as
$$ select value from json_array_elements_text(list::json) $$;
