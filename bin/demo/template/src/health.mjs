/** Can the shop serve customers? */
export async function health() {
  return { ok: true, words: 'open' };
}
