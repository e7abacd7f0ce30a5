CREATE TABLE `rollups` (
	`measure` text NOT NULL,
	`day` text NOT NULL,
	`service` text NOT NULL,
	`environment` text NOT NULL,
	`bucket` integer NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`measure`, `service`, `environment`, `day`, `bucket`)
) WITHOUT ROWID;
--> statement-breakpoint
-- Nothing was left uncounted: there is nothing. A database with a past is counted by whoever starts to work on it.
INSERT INTO `rollups` (`measure`, `day`, `service`, `environment`, `bucket`, `count`)
SELECT 'counted', '', '', '', 0, 1 WHERE NOT EXISTS (SELECT 1 FROM `events`);
