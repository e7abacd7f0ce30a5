CREATE FUNCTION events_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION 'The log only grows: an entry cannot be changed or deleted.';
END;
$$;
--> statement-breakpoint
CREATE TRIGGER events_keep_update BEFORE UPDATE ON "events" FOR EACH ROW EXECUTE FUNCTION events_refuse();
--> statement-breakpoint
CREATE TRIGGER events_keep_delete BEFORE DELETE ON "events" FOR EACH ROW EXECUTE FUNCTION events_refuse();
--> statement-breakpoint
CREATE TRIGGER events_keep_truncate BEFORE TRUNCATE ON "events" FOR EACH STATEMENT EXECUTE FUNCTION events_refuse();
--> statement-breakpoint
CREATE FUNCTION events_next() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF new.seq IS DISTINCT FROM (SELECT coalesce(max(seq), 0) + 1 FROM events)
		OR new.version IS DISTINCT FROM (SELECT coalesce(max(version), 0) + 1 FROM events WHERE stream = new.stream) THEN
		RAISE EXCEPTION 'The log only grows: a new entry must be the next one.';
	END IF;
	RETURN new;
END;
$$;
--> statement-breakpoint
CREATE TRIGGER events_keep_order BEFORE INSERT ON "events" FOR EACH ROW EXECUTE FUNCTION events_next();
--> statement-breakpoint
-- A migration that takes something away from older programmes raises this number to its own.
INSERT INTO "compatibility" ("only", "oldest") VALUES (true, 1);
