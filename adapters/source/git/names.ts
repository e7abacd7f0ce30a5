/** Longest name of a branch or tag that we look up; git's own limit is the file system's. */
const MOST_CHARACTERS = 250;

/**
 * May this be a branch, a tag or a commit? Follows `git check-ref-format`, and refuses whatever git would read as an option, a range,
 * a path inside a commit or a step back in history: a request names one commit by one plain name.
 */
export function isPlainRef(ref: string): boolean {
  if (ref.length === 0 || ref.length > MOST_CHARACTERS) return false;
  if (/^[-/.]|\/$|\.$|\.lock$|\.\.|\/\/|\/\.|@\{|^@$/.test(ref)) return false;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must be refused
  return !/[\u0000- \u007f~^:?*[\]\\]/.test(ref);
}

/** Could it be a commit's SHA, whole or abbreviated to no less than four characters (git's own minimum)? */
export function isShaLike(ref: string): boolean {
  return /^[0-9a-f]{4,64}$/i.test(ref);
}

/** A whole SHA-1 or SHA-256 object name. */
export function isFullSha(value: string): boolean {
  return /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(value);
}
