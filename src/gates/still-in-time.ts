import { refusal } from '../domain/refusal.ts';
import { ALLOW, type Gate } from './gate.ts';

/** So long after its moment a scheduled deployment may still begin, in milliseconds; later nobody counts on it any more. */
const GRACE_MS = 3_600_000;

/** A moment that was slept through is not made up for. One that was looked at in time, and only waited for its turn, is not late. */
export const stillInTime: Gate = {
  id: 'still-in-time',
  moments: ['dispatch'],
  check({ scheduledFor, clearedAt, findings, now }) {
    if (scheduledFor === undefined || clearedAt === undefined || now === undefined || findings === undefined)
      return ALLOW;
    const looked = Date.parse(findings.at) >= Date.parse(scheduledFor);
    const due = Math.max(Date.parse(scheduledFor), Date.parse(clearedAt));
    if (looked || Date.parse(now) - due <= GRACE_MS) return ALLOW;
    const sentence = `It was scheduled for ${scheduledFor.slice(0, 16).replace('T', ' ')} UTC, and the bot was not there in time.`;
    return { kind: 'refuse', refusal: refusal('schedule-missed', sentence, 'Ask for it again.') };
  },
};
