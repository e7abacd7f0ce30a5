/*
 * What is owed after a restore. Plain SQL, because the two kinds of database must say the same and only differ in how they read JSON.
 *
 * 1. What was still owed may have been done after the backup. `in_doubt_since` makes the courier ask the outside first; it begins now,
 *    because a run that began a moment before the disaster may not be shown yet. A lease belongs to nobody any more.
 * 2. Cards may show what the log no longer knows: those of open deployments are drawn anew.
 * 3. Runs may have ended meanwhile: every open deployment is looked at at once. Wake-ups that are missing make themselves.
 */
export const DOUBT: readonly string[] = [
  `update effects set in_doubt_since = @now, attempts = max(attempts, 1), lease_until = null, lease_token = null
   where state = 'pending'`,
  `update effects set state = 'pending', wanted = wanted + 1, due = @now, attempts = 1, in_doubt_since = @now, error = null
   where state <> 'pending' and mode = 'latest' and json_extract(body, '$.kind') = 'card'
     and json_extract(body, '$.deployment') in (select id from deployments where open = 1)`,
  `update wakeups set due = min(due, @now), lease_until = null, lease_token = null, moved = 0`,
];
