-- Accidents are prevented here; tampering is proven by signatures. The insert triggers stop INSERT OR REPLACE.
create trigger entry_no_update before update on entry begin select raise(abort, 'entries are append-only'); end;
create trigger entry_no_delete before delete on entry begin select raise(abort, 'entries are append-only'); end;
create trigger entry_no_replace before insert on entry
when exists (select 1 from entry where sequence = new.sequence or id = new.id or (stream = new.stream and revision = new.revision))
begin select raise(abort, 'entries are append-only'); end;

create trigger checkpoint_no_update before update on checkpoint begin select raise(abort, 'checkpoints are append-only'); end;
create trigger checkpoint_no_delete before delete on checkpoint begin select raise(abort, 'checkpoints are append-only'); end;
create trigger checkpoint_no_replace before insert on checkpoint when exists (select 1 from checkpoint where size = new.size)
begin select raise(abort, 'checkpoints are append-only'); end;

create trigger tile_hash_no_update before update on tile_hash begin select raise(abort, 'tiles are append-only'); end;
create trigger tile_hash_no_delete before delete on tile_hash begin select raise(abort, 'tiles are append-only'); end;
create trigger tile_hash_no_replace before insert on tile_hash
when exists (select 1 from tile_hash where level = new.level and position = new.position)
begin select raise(abort, 'tiles are append-only'); end;

create trigger stream_no_update before update on stream begin select raise(abort, 'streams are append-only'); end;
create trigger stream_no_delete before delete on stream begin select raise(abort, 'streams are append-only'); end;
create trigger stream_no_replace before insert on stream
when exists (select 1 from stream where stream = new.stream or (family = new.family and reference = new.reference))
begin select raise(abort, 'streams are append-only'); end;

create trigger idempotency_no_update before update on idempotency begin select raise(abort, 'keys are append-only'); end;
create trigger idempotency_no_delete before delete on idempotency begin select raise(abort, 'keys are append-only'); end;
create trigger idempotency_no_replace before insert on idempotency
when exists (select 1 from idempotency where actor = new.actor and idempotency_key = new.idempotency_key)
begin select raise(abort, 'keys are append-only'); end;
