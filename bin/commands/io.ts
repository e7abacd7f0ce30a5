/** Where a subcommand writes and how it ends; tests listen here. */
export interface CommandIo {
  /** The result, ends in a newline. */
  out(text: string): void;
  /** Everything that is about the result: faults, sums, hints. */
  err(text: string): void;
  /** How the process is to end; 0 is well. */
  exit(code: number): void;
}

/** The terminal. The code is only set, so that everything that was written gets out. */
export const terminal: CommandIo = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  exit: (code) => {
    process.exitCode = code;
  },
};

/**
 * Runs a subcommand to its exit code. What it throws is an expected fault of the outside (a file, the database) and is told in one
 * line; the code is then 2, so that "it could not be done" is not taken for "it is wrong".
 */
export async function ended(io: CommandIo, work: () => Promise<number>): Promise<void> {
  try {
    io.exit(await work());
  } catch (error) {
    io.err(`${error instanceof Error ? error.message : String(error)}\n`);
    io.exit(2);
  }
}
