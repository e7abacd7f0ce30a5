/** A message as somebody's browser got it. */
export interface SeenMessage {
  readonly id: string;
  /** Only its reader can see it. */
  readonly note: boolean;
  /** Markup of the message, threads and all. */
  readonly text: string;
}

/** The messages of a page of the console. */
export function consoleMessages(page: string): readonly SeenMessage[] {
  return [...page.matchAll(/<article class="message( note)?" id="([^"]+)".*?<\/article>/gs)].map(
    ([text, note, id]) => ({
      id: id ?? '',
      note: note !== undefined,
      text,
    }),
  );
}
