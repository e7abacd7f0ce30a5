CREATE TABLE "persons" (
	"key" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"doc" json NOT NULL
);
--> statement-breakpoint
CREATE TABLE "reviews" (
	"key" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"doc" json NOT NULL
);
--> statement-breakpoint
CREATE TABLE "scopes" (
	"key" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"doc" json NOT NULL
);
