/** What the connector answers. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  /** Extra headers. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A no in Teams' own shape. */
export function refusal(status: number, code: string, message: string): Answer {
  return { status, body: { error: { code, message } } };
}
