CREATE TABLE "compatibility" (
	"only" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"oldest" integer NOT NULL,
	CONSTRAINT "compatibility_one_row" CHECK ("compatibility"."only")
);
--> statement-breakpoint
CREATE TABLE "deployments" (
	"number" integer PRIMARY KEY NOT NULL,
	"id" text NOT NULL,
	"token" text NOT NULL,
	"version" integer NOT NULL,
	"kind" text NOT NULL,
	"service" text NOT NULL,
	"environment" text NOT NULL,
	"state" text NOT NULL,
	"open" boolean NOT NULL,
	"requester" text NOT NULL,
	"sha" text,
	"run_provider" text,
	"run_id" text,
	"requested_at" text NOT NULL,
	"ended_at" text,
	"doc" json NOT NULL
);
--> statement-breakpoint
CREATE TABLE "effects" (
	"sequence" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "effects_sequence_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"key" text NOT NULL,
	"lane" text NOT NULL,
	"mode" text NOT NULL,
	"body" json NOT NULL,
	"due" bigint NOT NULL,
	"state" text NOT NULL,
	"wanted" integer NOT NULL,
	"taken" integer NOT NULL,
	"attempts" integer NOT NULL,
	"in_doubt_since" bigint,
	"lease_until" bigint,
	"lease_token" text,
	"error" text,
	CONSTRAINT "effects_key_unique" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "events" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"at" text NOT NULL,
	"stream" text NOT NULL,
	"version" integer NOT NULL,
	"type" text NOT NULL,
	"text" text NOT NULL,
	"hash" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "keys" (
	"key" text PRIMARY KEY NOT NULL,
	"at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "messages" (
	"key" text PRIMARY KEY NOT NULL,
	"handle" json NOT NULL
);
--> statement-breakpoint
CREATE TABLE "places" (
	"key" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"doc" json NOT NULL
);
--> statement-breakpoint
CREATE TABLE "records" (
	"book" text NOT NULL,
	"number" bigint NOT NULL,
	"record" json NOT NULL,
	CONSTRAINT "records_book_number_pk" PRIMARY KEY("book","number")
);
--> statement-breakpoint
CREATE TABLE "targets" (
	"key" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"doc" json NOT NULL
);
--> statement-breakpoint
CREATE TABLE "wakeups" (
	"key" text PRIMARY KEY NOT NULL,
	"due" bigint NOT NULL,
	"moved" boolean NOT NULL,
	"note" json,
	"lease_until" bigint,
	"lease_token" text
);
--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_key_effects_key_fk" FOREIGN KEY ("key") REFERENCES "public"."effects"("key") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "deployments_id" ON "deployments" USING btree ("id");--> statement-breakpoint
CREATE UNIQUE INDEX "deployments_token" ON "deployments" USING btree ("token");--> statement-breakpoint
CREATE UNIQUE INDEX "deployments_one_running" ON "deployments" USING btree ("service","environment") WHERE state = 'running';--> statement-breakpoint
CREATE INDEX "deployments_run" ON "deployments" USING btree ("run_provider","run_id") WHERE run_id is not null;--> statement-breakpoint
CREATE INDEX "deployments_state" ON "deployments" USING btree ("state","number");--> statement-breakpoint
CREATE INDEX "deployments_service" ON "deployments" USING btree ("service","state","number");--> statement-breakpoint
CREATE INDEX "deployments_environment" ON "deployments" USING btree ("environment","state","number");--> statement-breakpoint
CREATE INDEX "deployments_target" ON "deployments" USING btree ("service","environment","state","number");--> statement-breakpoint
CREATE INDEX "deployments_open" ON "deployments" USING btree ("number") WHERE open;--> statement-breakpoint
CREATE INDEX "effects_due" ON "effects" USING btree ("due") WHERE state = 'pending';--> statement-breakpoint
CREATE INDEX "effects_lane" ON "effects" USING btree ("lane","sequence") WHERE state = 'pending';--> statement-breakpoint
CREATE INDEX "effects_leased" ON "effects" USING btree ("lease_until") WHERE lease_until is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "events_stream_version" ON "events" USING btree ("stream","version");--> statement-breakpoint
CREATE INDEX "wakeups_due" ON "wakeups" USING btree ("due");--> statement-breakpoint
CREATE INDEX "wakeups_leased" ON "wakeups" USING btree ("lease_until") WHERE lease_until is not null;