CREATE TRIGGER events_keep_update BEFORE UPDATE ON events
BEGIN
	SELECT raise(ABORT, 'The log only grows: an entry cannot be changed.');
END;
--> statement-breakpoint
CREATE TRIGGER events_keep_delete BEFORE DELETE ON events
BEGIN
	SELECT raise(ABORT, 'The log only grows: an entry cannot be deleted.');
END;
--> statement-breakpoint
-- "INSERT OR REPLACE" deletes without asking the trigger above, unless the connection wishes it.
CREATE TRIGGER events_keep_order BEFORE INSERT ON events
WHEN new.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM events)
	OR new.version IS NOT (SELECT coalesce(max(version), 0) + 1 FROM events WHERE stream = new.stream)
BEGIN
	SELECT raise(ABORT, 'The log only grows: a new entry must be the next one.');
END;
