/** What a tool needs to find itself and the user's own settings. Nothing else: our environment holds secrets. */
const INHERITED = ['PATH', 'HOME', 'USER', 'LOGNAME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'SSH_AUTH_SOCK'] as const;

/** The part of our own environment that programs started by us may see. */
export function inheritedEnvironment(): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of INHERITED) {
    // biome-ignore lint/style/noProcessEnv: the one place where a child's environment is cut out of ours
    const value = process.env[name];
    if (value !== undefined) found[name] = value;
  }
  return found;
}
