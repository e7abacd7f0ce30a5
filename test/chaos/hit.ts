/** A time in which an instance, or the database under all of them, was not what it should be. Milliseconds since 1970. */
export interface Hit {
  readonly what: string;
  readonly from: number;
  readonly until: number;
}
