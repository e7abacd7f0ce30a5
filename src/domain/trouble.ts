/** A provider that does not answer. */
export interface Trouble {
  /** Key under `providers` of the configuration. */
  readonly provider: string;
  /** ISO 8601 in UTC. */
  readonly since: string;
  /** What was the matter with the last call, for people. */
  readonly reason: string;
}

/** One sentence for people who wait for that provider. */
export function troubleWords({ provider, since, reason }: Trouble): string {
  return `The provider ${provider} has not answered since ${since.slice(11, 16)} UTC (${reason.replace(/\.$/, '')}).`;
}
