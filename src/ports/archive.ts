/** A place that takes a file once and keeps it as it is. */
export interface Archive {
  /** For logs and messages, e.g. `file` or `s3`. */
  readonly id: string;
  /**
   * Keeps the bytes under a name of letters, digits, dots and dashes. Putting the same bytes again is no fault.
   * @throws PortFailure when the place cannot be written, or holds something else under that name
   */
  put(name: string, bytes: Uint8Array): Promise<void>;
}
