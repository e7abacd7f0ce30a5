CREATE TABLE `deployments` (
	`number` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`token` text NOT NULL,
	`version` integer NOT NULL,
	`kind` text NOT NULL,
	`service` text NOT NULL,
	`environment` text NOT NULL,
	`state` text NOT NULL,
	`open` integer NOT NULL,
	`requester` text NOT NULL,
	`sha` text,
	`run_provider` text,
	`run_id` text,
	`requested_at` text NOT NULL,
	`ended_at` text,
	`doc` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `deployments_id` ON `deployments` (`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `deployments_token` ON `deployments` (`token`);--> statement-breakpoint
CREATE UNIQUE INDEX `deployments_one_running` ON `deployments` (`service`,`environment`) WHERE state = 'running';--> statement-breakpoint
CREATE INDEX `deployments_run` ON `deployments` (`run_provider`,`run_id`) WHERE run_id is not null;--> statement-breakpoint
CREATE INDEX `deployments_open` ON `deployments` (`state`) WHERE open = 1;--> statement-breakpoint
CREATE INDEX `deployments_ended` ON `deployments` (`state`) WHERE open = 0;--> statement-breakpoint
CREATE INDEX `deployments_ended_service` ON `deployments` (`service`,`state`) WHERE open = 0;--> statement-breakpoint
CREATE INDEX `deployments_ended_environment` ON `deployments` (`environment`,`state`) WHERE open = 0;--> statement-breakpoint
CREATE INDEX `deployments_ended_target` ON `deployments` (`service`,`environment`,`state`) WHERE open = 0;--> statement-breakpoint
CREATE TABLE `effects` (
	`sequence` integer PRIMARY KEY NOT NULL,
	`key` text NOT NULL,
	`lane` text NOT NULL,
	`mode` text NOT NULL,
	`body` text NOT NULL,
	`due` integer NOT NULL,
	`state` text NOT NULL,
	`wanted` integer NOT NULL,
	`taken` integer NOT NULL,
	`attempts` integer NOT NULL,
	`in_doubt_since` integer,
	`lease_until` integer,
	`lease_token` text,
	`error` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `effects_key` ON `effects` (`key`);--> statement-breakpoint
CREATE INDEX `effects_due` ON `effects` (`due`) WHERE state = 'pending';--> statement-breakpoint
CREATE INDEX `effects_lane` ON `effects` (`lane`) WHERE state = 'pending';--> statement-breakpoint
CREATE INDEX `effects_leased` ON `effects` (`lease_until`) WHERE lease_until is not null;--> statement-breakpoint
CREATE TABLE `events` (
	`seq` integer PRIMARY KEY NOT NULL,
	`at` text NOT NULL,
	`stream` text NOT NULL,
	`version` integer NOT NULL,
	`type` text NOT NULL,
	`text` text NOT NULL,
	`hash` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `events_stream_version` ON `events` (`stream`,`version`);--> statement-breakpoint
CREATE TABLE `keys` (
	`key` text PRIMARY KEY NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `messages` (
	`key` text PRIMARY KEY NOT NULL,
	`handle` text NOT NULL,
	FOREIGN KEY (`key`) REFERENCES `effects`(`key`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `places` (
	`key` text PRIMARY KEY NOT NULL,
	`version` integer NOT NULL,
	`doc` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `targets` (
	`key` text PRIMARY KEY NOT NULL,
	`version` integer NOT NULL,
	`doc` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `wakeups` (
	`key` text PRIMARY KEY NOT NULL,
	`due` integer NOT NULL,
	`moved` integer NOT NULL,
	`lease_until` integer,
	`lease_token` text
);
--> statement-breakpoint
CREATE INDEX `wakeups_due` ON `wakeups` (`due`);--> statement-breakpoint
CREATE INDEX `wakeups_leased` ON `wakeups` (`lease_until`) WHERE lease_until is not null;