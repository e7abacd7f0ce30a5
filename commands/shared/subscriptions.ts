/** `web in production`, `every service in production`, `every deployment`. */
export function scopeWords(service: string, environment: string): string {
  if (service === '*' && environment === '*') return 'every deployment';
  const what = service === '*' ? 'every service' : service;
  return environment === '*' ? `${what} in every environment` : `${what} in ${environment}`;
}
