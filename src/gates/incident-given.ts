import { refusal } from '../domain/refusal.ts';
import { ALLOW, type Gate } from './gate.ts';

/** A hotfix passes others because something is wrong for customers now: where that is written down must be said. */
export const incidentGiven: Gate = {
  id: 'incident-given',
  moments: ['request'],
  check({ kind, incident }) {
    if (kind !== 'hotfix' || isAddress(incident)) return ALLOW;
    const sentence =
      incident === undefined || incident.trim() === ''
        ? 'A hotfix needs the address of the incident that it mends.'
        : 'The incident of a hotfix must be an address that begins with https:// or http://.';
    const next = 'Add it like this: `--incident https://…`.';
    return { kind: 'refuse', refusal: refusal('missing-incident', sentence, next) };
  },
};

/** The longest address that is taken, in characters. */
const LONGEST = 2000;

function isAddress(text: string | undefined): boolean {
  if (text === undefined || text.length > LONGEST || !/^https?:\/\/\S+$/i.test(text)) return false;
  return URL.canParse(text);
}
