/** Shapes of secrets that tools print by mistake. The named part of a match stays readable, its value does not. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, '[private key]'],
  [/\b(?:gh[pousr]_\w{16,}|github_pat_\w{16,}|glpat-[\w-]{16,}|xox[abeoprs]-[\w-]{8,}|xapp-[\w-]{8,})/g, '[secret]'],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, '[secret]'],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/g, '[secret]'],
  [/(\b[a-z][a-z0-9+.-]*:\/\/)[^/\s:@]*:[^/\s@]+@/gi, '$1[secret]@'],
  [/(\bauthorization\s*[:=]\s*(?:bearer|basic|token)?\s*)[^\s"',]{6,}/gi, '$1[secret]'],
  [/(\bbearer\s+)[\w.~+/-]{12,}=*/gi, '$1[secret]'],
  [
    /(\b[\w-]*(?:password|passwd|secret|api[_-]?key|access[_-]?key|token)["']?\s*[=:]\s*["']?)[^\s"',;&]{6,}/gi,
    '$1[secret]',
  ],
];

/** Text from outside with everything that looks like a secret taken out, so that people and logs may see it. */
export function redact(text: string): string {
  let clean = text;
  for (const [shape, instead] of SECRETS) clean = clean.replace(shape, instead);
  return clean;
}
