-- Accidents are prevented here; tampering is proven by signatures. An owner of the tables could drop these triggers,
-- so the application should run as a role that does not own them.
create function append_only() returns trigger language plpgsql as
$$ begin raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation'; end $$;

create trigger entry_append_only before update or delete on entry for each row execute function append_only();
create trigger entry_no_truncate before truncate on entry for each statement execute function append_only();
create trigger checkpoint_append_only before update or delete on checkpoint for each row execute function append_only();
create trigger checkpoint_no_truncate before truncate on checkpoint for each statement execute function append_only();
create trigger tile_hash_append_only before update or delete on tile_hash for each row execute function append_only();
create trigger tile_hash_no_truncate before truncate on tile_hash for each statement execute function append_only();
create trigger stream_append_only before update or delete on stream for each row execute function append_only();
create trigger stream_no_truncate before truncate on stream for each statement execute function append_only();
create trigger idempotency_append_only before update or delete on idempotency for each row execute function append_only();
create trigger idempotency_no_truncate before truncate on idempotency for each statement execute function append_only();
