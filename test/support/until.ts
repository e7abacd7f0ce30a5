/** Waits until `look` finds something (not undefined, not false), looking every few milliseconds. Fails after the deadline. */
export async function until<Found>(
  what: string,
  look: () => Found | Promise<Found>,
  deadlineMs = 5000,
): Promise<Exclude<Found, undefined | false>> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found as Exclude<Found, undefined | false>;
    if (performance.now() > end) throw new Error(`waited ${deadlineMs} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
