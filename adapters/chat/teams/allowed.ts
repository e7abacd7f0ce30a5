import type { TeamsSettings } from './schema.ts';

/**
 * Is this an address of the Bot Connector that the configuration names? Scheme, host and port have to be the same: our token goes
 * there, and deliveries say by themselves where answers are to go.
 */
export function isAllowed({ serviceUrls }: Pick<TeamsSettings, 'serviceUrls'>, serviceUrl: string): boolean {
  const url = URL.parse(serviceUrl);
  if (url === null || url.username !== '' || url.password !== '') return false;
  return serviceUrls.some((one) => new URL(one).origin === url.origin);
}
