/** Reads a secret by reference (`env:NAME`, `file:path`). Values are never kept in the configuration, logs or the store. */
export interface Secrets {
  /** Throws a PortFailure whose message names the reference, never the value. */
  read(reference: string): Promise<string>;
}
