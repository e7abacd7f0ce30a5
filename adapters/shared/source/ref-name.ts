/** As git itself allows names (git-check-ref-format), without what it would read as a step through history. */
export const PLAIN_NAME = /^(?![-/.])(?!.*(?:\.\.|\/\/|\/\.|@\{|\.lock$|[/.]$))[^\s~^:?*[\]\\\p{Cc}]{1,250}$/u;
/** Seven characters are the least that code hosts and people use. */
export const SHA_LIKE = /^[0-9a-f]{7,40}$/i;
/** The tags that pin our own runs are nothing to deploy, and their runs are no checks. */
export const OUR_TAGS = 'countersign/';
