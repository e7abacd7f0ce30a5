/** Milliseconds since 1970 as ISO 8601 in UTC; nothing for no time, or for one that is none. */
export function iso(milliseconds: number | null | undefined): string | undefined {
  if (milliseconds === null || milliseconds === undefined || milliseconds <= 0) return undefined;
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
