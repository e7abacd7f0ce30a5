/** Whoever appends to the chain holds this lock until its transaction ends, so that every entry follows the one before. */
export const CHAIN_LOCK = 7_366_500;
